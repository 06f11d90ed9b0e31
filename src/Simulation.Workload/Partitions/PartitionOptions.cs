using System.Collections.Immutable;

namespace Simulation.Workload;

/// <summary>How many partitions there are, how much is sent, and how unevenly.</summary>
public sealed record PartitionOptions
{
    /// <summary>Number of partitions. Default 100.</summary>
    public int Count { get; init; } = 100;

    /// <summary>As many as there may be while the run goes on. Those above <see cref="Count"/> are sent to once they are opened. Default null: none are added.</summary>
    public int? Most { get; init; }

    /// <summary>All that there may ever be.</summary>
    public int Capacity => Math.Max(Count, Most ?? 0);

    /// <summary>Messages a second, as an average over the partitions of the start: the total is this times <see cref="Count"/>. Default 0.1.</summary>
    public double MessageRatePerPartition { get; init; } = 0.1;

    /// <summary>How the total is shared among the partitions. Default uniform.</summary>
    public WeightDistribution Distribution { get; init; } = WeightDistribution.Uniform;

    /// <summary>Section <c>weights.exponential</c>; used when <see cref="Distribution"/> is exponential.</summary>
    public ExponentialWeightOptions Exponential { get; init; } = new();

    internal void Validate(ImmutableArray<OptionProblem>.Builder problems)
    {
        OptionProblem.Require(Count >= 1, "partitions.count", $"{Count} is not a number of partitions; give at least 1.", problems);
        OptionProblem.Require(MessageRatePerPartition > 0 && double.IsFinite(MessageRatePerPartition), "partitions.message_rate_per_partition",
            FormattableString.Invariant($"{MessageRatePerPartition} messages a second cannot be sent; give a number above 0, for example 0.1."), problems);
        if (Distribution == WeightDistribution.Exponential)
        {
            Exponential.Validate(problems);
        }
    }
}
