using Simulation.Partitioning.Tests.Assigning;

namespace Simulation.Partitioning.Tests.Ownership;

public sealed class PartitionLayoutTests
{
    [Theory]
    [InlineData(1, ConsumerLayout.PerPartition)]
    [InlineData(200, ConsumerLayout.PerPartition)]
    [InlineData(201, ConsumerLayout.PerGroup)]
    public void DefaultFor_PartitionCount_TurnsToGroupsAbove200(int partitions, ConsumerLayout expected) =>
        Assert.Equal(expected, new PartitionLayout(null, Workers.EvenWeights(partitions)).Layout);

    [Fact]
    public void PerGroup_LastGroupIsShort_EveryPartitionIsInExactlyOneUnit()
    {
        var layout = new PartitionLayout(ConsumerLayout.PerGroup, Workers.EvenWeights(100), groupSize: 15);

        Assert.Equal(7, layout.Units.Length);
        Assert.Equal(Enumerable.Range(0, 100), layout.Units.SelectMany(unit => unit.Partitions));
        Assert.All(Enumerable.Range(0, 100), partition => Assert.Contains(partition, layout.UnitOf(partition).Partitions));
        Assert.Equal(10, layout.Units[6].Weight);
        Assert.Equal(100, layout.UnitWeights.Sum());
    }

    [Fact]
    public void PerGroup_Subjects_CarryTheGroupInFront()
    {
        var layout = new PartitionLayout(ConsumerLayout.PerGroup, Workers.EvenWeights(100), 15, "test.run");

        Assert.Equal("test.run.group.1.partition.17", layout.Subject(17));
        Assert.Equal("test.run.group.1.partition.*", layout.Filter(1));
        Assert.Equal("test.run.group.*.partition.*", layout.StreamSubject);
        Assert.Equal("group-1", layout.ConsumerName(1, new MemberId(4)));
    }

    [Fact]
    public void PerPartition_Subjects_AreThePartitions()
    {
        var layout = new PartitionLayout(ConsumerLayout.PerPartition, Workers.EvenWeights(20));

        Assert.Equal("simulation.partition.17", layout.Subject(17));
        Assert.Equal("simulation.partition.17", layout.Filter(17));
        Assert.Equal("simulation.partition.*", layout.StreamSubject);
        Assert.Equal("partition-17", layout.ConsumerName(17, new MemberId(4)));
    }

    [Fact]
    public void PerWorker_ConsumerName_IsTheWorkers() =>
        Assert.Equal("worker-4", new PartitionLayout(ConsumerLayout.PerWorker, Workers.EvenWeights(20)).ConsumerName(17, new MemberId(4)));

    [Theory]
    [InlineData(ConsumerLayout.PerPartition)]
    [InlineData(ConsumerLayout.PerGroup)]
    public void TryGetPartition_OwnSubjects_ComeBack(ConsumerLayout kind)
    {
        var layout = new PartitionLayout(kind, Workers.EvenWeights(40));

        Assert.All(Enumerable.Range(0, 40), partition =>
        {
            Assert.True(layout.TryGetPartition(layout.Subject(partition), out var found));
            Assert.Equal(partition, found);
        });
    }

    [Theory]
    [InlineData("simulation.partition.40")]
    [InlineData("simulation.partition.")]
    [InlineData("simulation.partition.-1")]
    [InlineData("simulation.partition.007")]
    [InlineData("other.partition.7")]
    [InlineData("")]
    public void TryGetPartition_ForeignSubject_IsRefused(string subject) =>
        Assert.False(new PartitionLayout(ConsumerLayout.PerPartition, Workers.EvenWeights(40)).TryGetPartition(subject, out _));
}
