using System.Collections.Immutable;

namespace Simulation.Workload;

/// <summary>
/// Which producer sends to which partitions: neighbouring ones, the same for the whole run, so that every partition has exactly one
/// source of sequence numbers.
/// </summary>
public sealed class ProducerLayout
{
    private readonly int _count;
    private readonly int _most;

    private ProducerLayout(ImmutableArray<PartitionRange> ranges, int most) =>
        (Ranges, _count, _most) = (ranges, ranges.Sum(range => range.Count), most);

    /// <summary>Partitions of the start by producer number. A producer for whom none is left has an empty range.</summary>
    public ImmutableArray<PartitionRange> Ranges { get; }

    public PartitionRange this[int producer] => Ranges[producer];

    /// <summary>What is added goes to the producers in turn.</summary>
    public ProducerShare ShareOf(int producer)
    {
        int added = Math.Max(0, _most - _count);
        return new ProducerShare(Ranges[producer], _count + producer, Ranges.Length, (added + Ranges.Length - 1 - producer) / Ranges.Length);
    }

    /// <param name="partitionCount">At the start.</param>
    /// <param name="options">How many producers.</param>
    /// <param name="most">All that there may ever be; those above the start are dealt in turn.</param>
    /// <exception cref="ArgumentException">The producers cannot cover all partitions.</exception>
    public static ProducerLayout Create(int partitionCount, ProducerOptions options, int most = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(partitionCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Count, nameof(options));
        if (options.PartitionsPerProducer is not { } each)
        {
            return new ProducerLayout(EqualParts(partitionCount, options.Count), most);
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(each, nameof(options));
        if (!Covers(partitionCount, options.Count, each))
        {
            throw new ArgumentException(CannotCover(partitionCount, options.Count, each), nameof(options));
        }

        return new ProducerLayout(FixedParts(partitionCount, options.Count, each), most);
    }

    /// <summary>The producer that sends to this partition.</summary>
    public int ProducerOf(int partition)
    {
        if (partition >= _count && partition < _most)
        {
            return (partition - _count) % Ranges.Length;
        }

        for (var producer = 0; producer < Ranges.Length; producer++)
        {
            if (Ranges[producer].Contains(partition))
            {
                return producer;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(partition), partition, $"There are {Ranges.Sum(range => range.Count)} partitions.");
    }

    internal static bool Covers(int partitionCount, int producerCount, int each) => (long)producerCount * each >= partitionCount;

    internal static string CannotCover(int partitionCount, int producerCount, int each)
    {
        var needed = (partitionCount + producerCount - 1) / producerCount;
        return $"{producerCount} producers with {each} partitions each cover {(long)producerCount * each} of {partitionCount} partitions; "
            + $"give at least {needed}, raise producers.count, or leave it out to cover all.";
    }

    private static ImmutableArray<PartitionRange> EqualParts(int partitionCount, int producerCount)
    {
        var ranges = ImmutableArray.CreateBuilder<PartitionRange>(producerCount);
        for (var producer = 0; producer < producerCount; producer++)
        {
            var first = (int)((long)partitionCount * producer / producerCount);
            var end = (int)((long)partitionCount * (producer + 1) / producerCount);
            ranges.Add(new PartitionRange(first, end - first));
        }

        return ranges.MoveToImmutable();
    }

    private static ImmutableArray<PartitionRange> FixedParts(int partitionCount, int producerCount, int each)
    {
        var ranges = ImmutableArray.CreateBuilder<PartitionRange>(producerCount);
        for (var producer = 0; producer < producerCount; producer++)
        {
            var first = (int)Math.Min((long)producer * each, partitionCount);
            ranges.Add(new PartitionRange(first, Math.Min(each, partitionCount - first)));
        }

        return ranges.MoveToImmutable();
    }
}
