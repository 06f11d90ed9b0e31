namespace Simulation.Host.Thresholds;

/// <summary>Something that a threshold can be set on.</summary>
internal sealed record ThresholdMetric
{
    /// <summary>For example <c>end_to_end_latency.p99</c>.</summary>
    public required string Name { get; init; }

    public required ThresholdUnit Unit { get; init; }

    public required string Doc { get; init; }

    /// <summary>Null for a metric of faults, which are not seconds.</summary>
    public Func<IMeasure>? Measure { get; init; }

    /// <summary>Of a metric of faults: which kind; null for all of them.</summary>
    public string? FaultKind { get; init; }

    /// <summary>Of a metric of faults: what of their recovery times, in seconds and in order.</summary>
    public Func<double[], double>? OfRecoveries { get; init; }

    /// <summary>It grows and never shrinks: that it is still too low says nothing before the end.</summary>
    public bool OnlyRises { get; init; }

    /// <summary>Only the process knows it, so there is none in virtual time.</summary>
    public bool IsOfTheProcess { get; init; }

    public bool IsOfFaults => OfRecoveries is not null;
}
