using System.Collections.Immutable;
using Simulation.Kernel;

namespace Simulation.Workload;

/// <summary>Everything about the load that follows from options and seed. Every participant makes its own and gets the same.</summary>
public sealed class WorkloadPlan
{
    /// <exception cref="ArgumentException">The options have problems, which the message lists.</exception>
    public WorkloadPlan(WorkloadOptions options, ulong seed)
    {
        if (options.Validate() is { IsEmpty: false } problems)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, problems), nameof(options));
        }

        Options = options;
        Seed = seed;
        Weights = PartitionWeights.Create(options.Partitions, seed);
        Producers = ProducerLayout.Create(options.Partitions.Count, options.Producers);
    }

    public WorkloadOptions Options { get; }

    public ulong Seed { get; }

    public PartitionWeights Weights { get; }

    public ProducerLayout Producers { get; }

    /// <summary>Messages a second over all partitions, before rate variation.</summary>
    public double TotalRate => Options.Partitions.Count * Options.Partitions.MessageRatePerPartition;

    /// <summary>Messages a second of one partition, before rate variation: its share of the total by weight.</summary>
    public double RateOf(int partition) => TotalRate * Weights.ShareOf(partition);

    /// <summary>The multiplier over time. A new one at every call, because a curve has one owner.</summary>
    public LoadCurve CreateLoadCurve() => new(Options.Producers.RateVariation, Seed);

    /// <summary>What one producer sends and when.</summary>
    /// <param name="producer">Number of the producer, from 0.</param>
    /// <param name="taken">
    /// For a producer that comes back: the last sequence that it had taken, by position in its range. The schedule goes on after it, so
    /// that what fell due meanwhile is due now and no sequence is skipped or used twice. Empty for a fresh start.
    /// </param>
    public IArrivalSchedule CreateSchedule(int producer, ReadOnlySpan<long> taken = default)
    {
        var range = Producers[producer];
        if (!taken.IsEmpty && taken.Length != range.Count)
        {
            throw new ArgumentException($"Producer {producer} has {range.Count} partitions, not {taken.Length}.", nameof(taken));
        }

        var last = taken.IsEmpty ? new long[range.Count] : taken.ToArray();
        if (Options.Producers.Arrivals == ArrivalPattern.Unthrottled)
        {
            return new UnthrottledSchedule(range, last);
        }

        var clocks = new ArrivalClock[range.Count];
        for (var slot = 0; slot < clocks.Length; slot++)
        {
            var partition = range.First + slot;
            clocks[slot] = new ArrivalClock(partition, RateOf(partition), Options.Producers.Arrivals, Seed, last[slot]);
        }

        return new OpenLoopSchedule(range.First, clocks, CreateLoadCurve());
    }
}
