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
        Producers = ProducerLayout.Create(options.Partitions.Count, options.Producers, options.Partitions.Capacity);
    }

    public WorkloadOptions Options { get; }

    public ulong Seed { get; }

    public PartitionWeights Weights { get; }

    public ProducerLayout Producers { get; }

    /// <summary>Messages a second over all partitions of the start, before rate variation.</summary>
    public double TotalRate => Options.Partitions.Count * Options.Partitions.MessageRatePerPartition;

    /// <summary>Messages a second of one partition, before rate variation: its share of the total by weight.</summary>
    public double RateOf(int partition) => TotalRate * Weights.ShareOf(partition);

    /// <summary>The multiplier over time. A new one at every call, because a curve has one owner.</summary>
    public LoadCurve CreateLoadCurve() => new(Options.Producers.RateVariation, Seed);

    /// <summary>What one producer sends and when.</summary>
    /// <param name="producer">Number of the producer, from 0.</param>
    /// <param name="taken">
    /// For a producer that comes back: the last sequence that it had taken, by slot of its share. The schedule goes on after it, so
    /// that what fell due meanwhile is due now and no sequence is skipped or used twice. Empty for a fresh start.
    /// </param>
    /// <returns>With the partitions of the start open, and no others.</returns>
    public IArrivalSchedule CreateSchedule(int producer, ReadOnlySpan<long> taken = default)
    {
        var share = Producers.ShareOf(producer);
        if (!taken.IsEmpty && taken.Length != share.Count)
        {
            throw new ArgumentException($"Producer {producer} has {share.Count} partitions, not {taken.Length}.", nameof(taken));
        }

        var last = taken.IsEmpty ? new long[share.Count] : taken.ToArray();
        if (Options.Producers.Arrivals == ArrivalPattern.Unthrottled)
        {
            return new UnthrottledSchedule(share, last);
        }

        var clocks = new ArrivalClock[share.Count];
        for (var slot = 0; slot < clocks.Length; slot++)
        {
            clocks[slot] = new ArrivalClock(share[slot], RateOf(share[slot]), Options.Producers.Arrivals, Seed, last[slot]);
        }

        return new OpenLoopSchedule(share, clocks, CreateLoadCurve());
    }
}
