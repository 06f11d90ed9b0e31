using System.Collections.Immutable;

namespace Simulation.Workload;

/// <summary>One multiplier on all rates that wanders while the run goes on.</summary>
public sealed record RateVariationOptions
{
    /// <summary>Default false: rates stay as configured.</summary>
    public bool Enabled { get; init; }

    /// <summary>Default global: one multiplier for all partitions.</summary>
    public RateVariationPattern Pattern { get; init; } = RateVariationPattern.Global;

    /// <summary>Lowest multiplier. Default 0.5.</summary>
    public double MinMultiplier { get; init; } = 0.5;

    /// <summary>Highest multiplier. Default 2.</summary>
    public double MaxMultiplier { get; init; } = 2.0;

    /// <summary>How long the multiplier takes to move from one target to the next. Default 5 minutes.</summary>
    public TimeSpan RampInterval { get; init; } = TimeSpan.FromMinutes(5);

    internal void Validate(ImmutableArray<OptionProblem>.Builder problems)
    {
        const string section = "producers.rate_variation";
        OptionProblem.Require(MinMultiplier > 0 && double.IsFinite(MinMultiplier), $"{section}.min_multiplier",
            FormattableString.Invariant($"{MinMultiplier} would stop or reverse the load; give a number above 0."), problems);
        OptionProblem.Require(MaxMultiplier >= MinMultiplier && double.IsFinite(MaxMultiplier), $"{section}.max_multiplier",
            FormattableString.Invariant($"{MaxMultiplier} is below min_multiplier {MinMultiplier}; give at least that."), problems);
        OptionProblem.Require(RampInterval > TimeSpan.Zero, $"{section}.ramp_interval",
            $"{RampInterval} is not a length of time; give one above 0, for example 5m.", problems);
    }
}
