using Simulation.Kernel;

namespace Simulation.Host.Thresholds;

/// <summary>What a run has to keep to.</summary>
public sealed record Threshold
{
    /// <summary>Its metric, which is in the catalogue: see docs/thresholds.md.</summary>
    public required string Metric { get; init; }

    /// <summary>In the metric's own unit: seconds, bytes, messages.</summary>
    public required double Bound { get; init; }

    /// <summary>True: the value has to stay below the bound; false: above it.</summary>
    public required bool Below { get; init; }

    public ThresholdScope Scope { get; init; }

    /// <summary>So long after the first message nothing counts.</summary>
    public TimeSpan After { get; init; }

    /// <summary>End the run as soon as it is missed.</summary>
    public bool Abort { get; init; }

    internal ThresholdMetric Measured => MetricCatalogue.Find(Metric) ?? throw new InvalidOperationException($"no metric {Metric}");

    public bool Holds(double value) => Below ? value < Bound : value > Bound;

    /// <summary>As in the configuration, on one line.</summary>
    public string ToYaml()
    {
        string scope = Scope == ThresholdScope.All ? "" : $", scope: {Configuration.Values.Words.Spell(Scope)}";
        string after = After == TimeSpan.Zero ? "" : $", after: {Duration.Format(After)}";
        return $"{{metric: {Metric}, {(Below ? "below" : "above")}: {Measured.Unit.Write(Bound)}{scope}{after}{(Abort ? ", abort: true" : "")}}}";
    }

    /// <summary>As people read it: <c>end_to_end_latency.p99 below 100ms (steady)</c>.</summary>
    public override string ToString()
    {
        string scope = Scope == ThresholdScope.All ? "" : Configuration.Values.Words.Spell(Scope);
        string after = After == TimeSpan.Zero ? "" : $"after {Duration.Format(After)}";
        string when = string.Join(", ", new[] { scope, after }.Where(part => part.Length > 0));
        return $"{Metric} {(Below ? "below" : "above")} {Measured.Unit.Write(Bound)}{(when.Length == 0 ? "" : $" ({when})")}";
    }
}
