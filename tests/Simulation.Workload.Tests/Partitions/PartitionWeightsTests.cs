using FsCheck;
using FsCheck.Fluent;

namespace Simulation.Workload.Tests.Partitions;

public sealed class PartitionWeightsTests
{
    private static readonly PartitionOptions Exponential = new() { Count = 1500, Distribution = WeightDistribution.Exponential };

    [Fact]
    public void Create_Uniform_GivesEveryPartitionTheSameShare()
    {
        var weights = PartitionWeights.Create(new PartitionOptions { Count = 8 }, seed: 1);

        Assert.All(Enumerable.Range(0, 8), partition => Assert.Equal(0.125, weights.ShareOf(partition)));
    }

    [Fact]
    public void Create_ExponentialDefaults_LetsFivePercentCarry84PercentOfTheLoad()
    {
        var weights = PartitionWeights.Create(Exponential, seed: 1);

        var extreme = Enumerable.Range(0, weights.Count).Where(partition => weights[partition] == 100).ToArray();
        Assert.Equal(75, extreme.Length);
        Assert.Equal(0.84, extreme.Sum(weights.ShareOf), tolerance: 0.001);
        Assert.Equal(1425, weights.Values.Count(weight => weight == 1));
    }

    [Fact]
    public void Create_SameSeed_ChoosesTheSamePartitions() =>
        Assert.Equal(Weights(seed: 7), Weights(seed: 7));

    [Fact]
    public void Create_OtherSeed_ChoosesOtherPartitions() =>
        Assert.NotEqual(Weights(seed: 7), Weights(seed: 8));

    [Theory]
    [InlineData(1, 0.05, 1)]
    [InlineData(3, 0.05, 1)]
    [InlineData(30, 0.05, 2)]
    [InlineData(30, 0, 0)]
    [InlineData(30, 1, 30)]
    public void Create_Exponential_RoundsToWholePartitionsAndToAtLeastOne(int count, double percent, int extreme)
    {
        var options = new PartitionOptions
        {
            Count = count,
            Distribution = WeightDistribution.Exponential,
            Exponential = new ExponentialWeightOptions { ExtremePercent = percent },
        };

        Assert.Equal(extreme, PartitionWeights.Create(options, seed: 3).Values.Count(weight => weight == 100));
    }

    [Fact]
    public void ShareOf_AnyOptions_AddsUpToOne() => Prop.ForAll(
        (PositiveInt count, PositiveInt extreme, PositiveInt normal) =>
        {
            var weights = PartitionWeights.Create(
                new PartitionOptions
                {
                    Count = count.Item,
                    Distribution = WeightDistribution.Exponential,
                    Exponential = new ExponentialWeightOptions { ExtremeWeight = extreme.Item, NormalWeight = normal.Item },
                },
                seed: 5);
            return Math.Abs(Enumerable.Range(0, weights.Count).Sum(weights.ShareOf) - 1) < 1e-9;
        }).QuickCheckThrowOnFailure();

    /// <summary>The rates of those that are there do not depend on what may be added.</summary>
    [Fact]
    public void Create_WithRoomForMore_LeavesTheOthersAlone()
    {
        var growing = PartitionWeights.Create(Exponential with { Most = Exponential.Count + 500 }, seed: 1);
        var steady = PartitionWeights.Create(Exponential, seed: 1);

        Assert.Equal(steady.Values.ToArray(), growing.Values[..Exponential.Count].ToArray());
        Assert.Equal(steady.Total, growing.Total);
        Assert.Equal(500, growing.Count - steady.Count);
        Assert.Contains(growing.Values[Exponential.Count..], weight => weight == 100);
    }

    private static int[] Weights(ulong seed) => [.. PartitionWeights.Create(Exponential, seed).Values];
}
