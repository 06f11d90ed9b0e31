namespace Simulation.Host.Thresholds;

/// <summary>What became of a threshold.</summary>
/// <param name="Threshold">Which.</param>
/// <param name="Value">In the metric's unit; null when it saw no data.</param>
/// <param name="Missed">Why it was missed; null when it was kept.</param>
internal sealed record ThresholdResult(Threshold Threshold, double? Value, string? Missed)
{
    public bool IsKept => Missed is null;

    public string ShownValue => Value is { } value ? Threshold.Measured.Unit.ShowValue(value) : "no data";
}
