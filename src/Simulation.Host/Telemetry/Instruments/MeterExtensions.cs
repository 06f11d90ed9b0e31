using System.Diagnostics.Metrics;

namespace Simulation.Host.Telemetry;

/// <summary>The few shapes in which this room defines instruments.</summary>
internal static class MeterExtensions
{
    /// <summary>A hundred microseconds to a minute: what a server on this machine answers in, and what is left of it under a fault.</summary>
    public static readonly double[] LatencyBounds =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    public static Histogram<double> Histogram(this Meter meter, string name, string? unit, string description, double[] bounds) =>
        meter.CreateHistogram(name, unit, description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });

    public static void Counter(this Meter meter, string name, string description, Func<IEnumerable<Measurement<long>>> read) =>
        meter.CreateObservableCounter(name, read, description: description);

    public static void Gauge(this Meter meter, string name, string? unit, string description, Func<IEnumerable<Measurement<double>>> read) =>
        meter.CreateObservableGauge(name, read, unit, description);

    /// <summary>One of several states holds: 1 for that, 0 for the others.</summary>
    public static void States(this Meter meter, string name, string label, string description, IReadOnlyList<string> states, Func<string> current) =>
        meter.CreateObservableGauge(name, () => states.Select(state => new Measurement<int>(state == current() ? 1 : 0, Tag(label, state))), description: description);

    public static KeyValuePair<string, object?> Tag(string label, object? value) => new(label, value);
}
