using System.Collections.Immutable;
using Simulation.Kernel;

namespace Simulation.Workload;

/// <summary>The weight of each partition: a pure function of options and seed.</summary>
public sealed class PartitionWeights
{
    private PartitionWeights(ImmutableArray<int> values)
    {
        Values = values;
        Total = values.Sum(weight => (long)weight);
    }

    /// <summary>Weights by partition number.</summary>
    public ImmutableArray<int> Values { get; }

    /// <summary>Sum of all weights.</summary>
    public long Total { get; }

    public int Count => Values.Length;

    public int this[int partition] => Values[partition];

    /// <summary>The part of the whole load that this partition carries, from 0 to 1.</summary>
    public double ShareOf(int partition) => (double)Values[partition] / Total;

    public static PartitionWeights Create(PartitionOptions options, ulong seed) => options.Distribution switch
    {
        WeightDistribution.Uniform => new PartitionWeights(ImmutableArray.CreateRange(Enumerable.Repeat(1, options.Count))),
        WeightDistribution.Exponential => new PartitionWeights(Exponential(options.Count, options.Exponential, seed)),
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

    private static int ExtremeCount(int count, double share)
    {
        if (share == 0)
        {
            return 0;
        }

        return Math.Max(1, (int)Math.Round(count * share, MidpointRounding.AwayFromZero));
    }
}
