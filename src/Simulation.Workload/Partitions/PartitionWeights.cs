using System.Collections.Immutable;
using Simulation.Kernel;

namespace Simulation.Workload;

/// <summary>The weight of each partition: a pure function of options and seed.</summary>
public sealed class PartitionWeights
{
    private PartitionWeights(ImmutableArray<int> atStart, IEnumerable<int> added)
    {
        Values = [.. atStart, .. added];
        Total = atStart.Sum(weight => (long)weight);
    }

    /// <summary>Weights by partition number, with those that may be added.</summary>
    public ImmutableArray<int> Values { get; }

    /// <summary>Sum of the weights that there are at the start.</summary>
    public long Total { get; }

    public int Count => Values.Length;

    public int this[int partition] => Values[partition];

    /// <summary>The load of this partition as a part of the whole load at the start; one that is added brings its own on top of that.</summary>
    public double ShareOf(int partition) => (double)Values[partition] / Total;

    public static PartitionWeights Create(PartitionOptions options, ulong seed) => options.Distribution switch
    {
        WeightDistribution.Uniform => new PartitionWeights([.. Enumerable.Repeat(1, options.Count)], Added(options).Select(_ => 1)),
        WeightDistribution.Exponential => new PartitionWeights(
            Exponential(options.Count, options.Exponential, seed), Added(options).Select(partition => Drawn(partition, options.Exponential, seed))),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Distribution, "Not a weight distribution."),
    };

    private static ImmutableArray<int> Exponential(int count, ExponentialWeightOptions options, ulong seed)
    {
        var partitions = Enumerable.Range(0, count).ToArray();
        RandomStream.Derive(seed, "workload/weights").Shuffle<int>(partitions);

        var weights = new int[count];
        Array.Fill(weights, options.NormalWeight);
        foreach (var extreme in partitions.AsSpan(0, ExtremeCount(count, options.ExtremePercent)))
        {
            weights[extreme] = options.ExtremeWeight;
        }

        return ImmutableArray.Create(weights);
    }

    private static IEnumerable<int> Added(PartitionOptions options) => Enumerable.Range(options.Count, options.Capacity - options.Count);

    /// <summary>For itself, so that one more changes nothing for the others.</summary>
    private static int Drawn(int partition, ExponentialWeightOptions options, ulong seed) =>
        RandomStream.Derive(seed, $"workload/weights/{partition}").NextDouble() < options.ExtremePercent ? options.ExtremeWeight : options.NormalWeight;

    private static int ExtremeCount(int count, double share)
    {
        if (share == 0)
        {
            return 0;
        }

        return Math.Max(1, (int)Math.Round(count * share, MidpointRounding.AwayFromZero));
    }
}
