using FsCheck;
using FsCheck.Fluent;

namespace Simulation.Workload.Tests.Partitions;

public sealed class ProducerLayoutTests
{
    [Fact]
    public void Create_WithoutPartitionsPerProducer_SharesThemEqually()
    {
        var layout = ProducerLayout.Create(10, new ProducerOptions { Count = 4 });

        Assert.Equal([new(0, 2), new(2, 3), new(5, 2), new(7, 3)], layout.Ranges.ToArray());
    }

    [Fact]
    public void Create_WithPartitionsPerProducer_FillsOneAfterTheOther()
    {
        var layout = ProducerLayout.Create(10, new ProducerOptions { Count = 4, PartitionsPerProducer = 4 });

        Assert.Equal([new(0, 4), new(4, 4), new(8, 2), new(10, 0)], layout.Ranges.ToArray());
    }

    [Fact]
    public void ShareOf_AnyLayout_GivesEachPartitionThatMayBeThereToExactlyOneProducer() => Prop.ForAll(
        (PositiveInt partitions, PositiveInt producers, NonNegativeInt added) =>
        {
            int most = partitions.Item + added.Item;
            var layout = ProducerLayout.Create(partitions.Item, new ProducerOptions { Count = producers.Item }, most);
            var all = from producer in Enumerable.Range(0, producers.Item)
                      let share = layout.ShareOf(producer)
                      from slot in Enumerable.Range(0, share.Count)
                      select (Partition: share[slot], Fits: share.SlotOf(share[slot]) == slot && layout.ProducerOf(share[slot]) == producer);
            return all.All(one => one.Fits) && all.Select(one => one.Partition).Order().SequenceEqual(Enumerable.Range(0, most));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Create_TooFewProducers_SaysWhatIsMissingAndWhatToDo()
    {
        var options = new ProducerOptions { Count = 10, PartitionsPerProducer = 100 };

        var error = Assert.Throws<ArgumentException>(() => ProducerLayout.Create(1500, options));

        Assert.Contains("10 producers with 100 partitions each cover 1000 of 1500 partitions", error.Message);
        Assert.Contains("give at least 150", error.Message);
    }

    [Fact]
    public void Create_AnyOptionsThatCover_GivesEachPartitionToExactlyOneProducer() => Prop.ForAll(
        (PositiveInt partitions, PositiveInt producers, int each) =>
        {
            var options = new ProducerOptions { Count = producers.Item, PartitionsPerProducer = each > 0 ? each : null };
            if (options.PartitionsPerProducer is { } some && producers.Item * some < partitions.Item)
            {
                return Throws(() => ProducerLayout.Create(partitions.Item, options));
            }

            var layout = ProducerLayout.Create(partitions.Item, options);
            return layout.Ranges.Length == producers.Item
                && layout.Ranges.SelectMany(range => Enumerable.Range(range.First, range.Count)).SequenceEqual(Enumerable.Range(0, partitions.Item))
                && Enumerable.Range(0, partitions.Item).All(partition => layout[layout.ProducerOf(partition)].Contains(partition));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Create_WithoutPartitionsPerProducer_DiffersByAtMostOne() => Prop.ForAll(
        (PositiveInt partitions, PositiveInt producers) =>
        {
            var sizes = ProducerLayout.Create(partitions.Item, new ProducerOptions { Count = producers.Item }).Ranges.Select(range => range.Count);
            return sizes.Max() - sizes.Min() <= 1;
        }).QuickCheckThrowOnFailure();

    private static bool Throws(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}
