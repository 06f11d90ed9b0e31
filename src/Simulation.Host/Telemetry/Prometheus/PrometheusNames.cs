using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Simulation.Host.Telemetry;

/// <summary>.NET's instruments and their tags in Prometheus' words.</summary>
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

    public static string Clean(string name) => string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '_'));

    private static string GenericNameOf(Instrument instrument)
    {
        Type type = instrument.GetType();
        while (type.BaseType is { } above && !type.Namespace!.StartsWith("System.Diagnostics.Metrics", StringComparison.Ordinal))
        {
            type = above;
        }

        return type.Name;
    }
}
