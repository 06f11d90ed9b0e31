using System.Diagnostics.Metrics;

namespace Simulation.Host.Telemetry;

internal enum MetricKind { Counter, Gauge, Histogram, Info }

/// <summary>
/// What one of .NET's instruments is called in Prometheus: words joined by underscores, the unit behind them, then <c>_total</c> behind
/// counters and <c>_info</c> behind what only says who somebody is.
/// </summary>
/// <param name="Kind">Of the instrument.</param>
/// <param name="Family">Without <c>_total</c> and <c>_info</c>: OpenMetrics names a family so.</param>
/// <param name="Sample">As queries name it.</param>
/// <param name="Unit">In a word; empty for none.</param>
internal sealed record MetricName(MetricKind Kind, string Family, string Sample, string Unit)
{
    private const string InfoSuffix = "_info";

    public static MetricName Of(Instrument instrument)
    {
        string name = PrometheusNames.Clean(instrument.Name);
        MetricKind kind = PrometheusNames.KindOf(instrument) is var plain && plain == MetricKind.Gauge && name.EndsWith(InfoSuffix, StringComparison.Ordinal)
            ? MetricKind.Info
            : plain;
        string suffix = kind switch
        {
            MetricKind.Counter => "_total",
            MetricKind.Info => InfoSuffix,
            _ => "",
        };
        string unit = instrument.Unit switch
        {
            "s" => "seconds",
            "By" => "bytes",
            _ => "",
        };
        string family = Without(name, suffix);
        family = unit.Length == 0 ? family : $"{Without(family, $"_{unit}")}_{unit}";

        // _count is what Prometheus calls a part of a histogram; "cpu.count" becomes "cpus".
        const string reserved = "_count";
        family = kind == MetricKind.Gauge && family.EndsWith(reserved, StringComparison.Ordinal) ? $"{Without(family, reserved)}s" : family;
        return new MetricName(kind, family, family + suffix, unit);
    }

    private static string Without(string name, string end) =>
        end.Length > 0 && name.EndsWith(end, StringComparison.Ordinal) ? name[..^end.Length] : name;
}
