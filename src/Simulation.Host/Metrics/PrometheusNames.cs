using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Simulation.Host.Metrics;

internal enum MetricKind { Counter, Gauge, Histogram }

/// <summary>How .NET's instruments are called in Prometheus: words joined by underscores, the unit behind them, <c>_total</c> behind counters.</summary>
internal static class PrometheusNames
{
    public static MetricKind KindOf(Instrument instrument) => GenericNameOf(instrument) switch
    {
        "Counter`1" or "ObservableCounter`1" => MetricKind.Counter,
        "Histogram`1" => MetricKind.Histogram,
        _ => MetricKind.Gauge,
    };

    /// <summary>A gauge is set; counters of both kinds are added to.</summary>
    public static bool IsSetNotAdded(Instrument instrument) => GenericNameOf(instrument) == "Gauge`1";

    public static string NameOf(Instrument instrument)
    {
        MetricKind kind = KindOf(instrument);
        string name = Clean(instrument.Name);
        string total = kind == MetricKind.Counter ? "_total" : "";
        name = total.Length > 0 && name.EndsWith(total, StringComparison.Ordinal) ? name[..^total.Length] : name;
        string unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        name = unit.Length > 0 && name.EndsWith(unit, StringComparison.Ordinal) ? name : name + unit;

        // _count is what Prometheus calls a part of a histogram; "cpu.count" becomes "cpus".
        const string reserved = "_count";
        return kind == MetricKind.Gauge && name.EndsWith(reserved, StringComparison.Ordinal) ? name[..^reserved.Length] + "s" : name + total;
    }

    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach ((string name, object? value) in tags)
        {
            string content = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            string escaped = content.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
            text.Append(text.Length == 0 ? "" : ",").Append(Clean(name)).Append("=\"").Append(escaped).Append('"');
        }

        return text.ToString();
    }

    private static string GenericNameOf(Instrument instrument)
    {
        Type type = instrument.GetType();
        while (type.BaseType is { } above && !type.Namespace!.StartsWith("System.Diagnostics.Metrics", StringComparison.Ordinal))
        {
            type = above;
        }

        return type.Name;
    }

    private static string Clean(string name) => string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '_'));
}
