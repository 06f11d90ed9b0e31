using System.Collections.Immutable;

namespace Simulation.Workload;

/// <summary>A few heavy partitions among many light ones. With the defaults, 5 % of the partitions carry 84 % of the load.</summary>
public sealed record ExponentialWeightOptions
{
    /// <summary>Share of the partitions that are extreme, from 0 to 1. Above 0 it makes at least one. Default 0.05, which is 5 %.</summary>
    public double ExtremePercent { get; init; } = 0.05;

    /// <summary>Weight of an extreme partition. Default 100.</summary>
    public int ExtremeWeight { get; init; } = 100;

    /// <summary>Weight of every other partition. Default 1.</summary>
    public int NormalWeight { get; init; } = 1;

    internal void Validate(ImmutableArray<OptionProblem>.Builder problems)
    {
        const string section = "partitions.weights.exponential";
        OptionProblem.Require(ExtremePercent is >= 0 and <= 1, $"{section}.extreme_percent",
            FormattableString.Invariant($"{ExtremePercent} is not a share of the partitions; give a number from 0 to 1, for example 0.05 for 5 %."), problems);
        OptionProblem.Require(ExtremeWeight >= 1, $"{section}.extreme_weight", $"{ExtremeWeight} is not a weight; give at least 1.", problems);
        OptionProblem.Require(NormalWeight >= 1, $"{section}.normal_weight", $"{NormalWeight} is not a weight; give at least 1.", problems);
    }
}
