using System.Buffers;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Simulation.Host.Telemetry;

/// <summary>.NET's instruments and their tags in Prometheus' words.</summary>
internal static class PrometheusNames
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
    private static readonly SearchValues<char> Special = SearchValues.Create("\\\"\n");

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
        string text = "";
        foreach ((string name, object? value) in tags)
        {
            string content = value as string ?? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            text = string.Concat(text.Length == 0 ? "" : text + ",", Clean(name), "=\"", Escape(content) + "\"");
        }

        return text;
    }

    public static string Clean(string name) => name.AsSpan().IndexOfAnyExcept(Allowed) < 0
        ? name
        : string.Concat(name.Select(character => Allowed.Contains(character) ? character : '_'));

    /// <summary>Most have nothing to escape, and there are thousands of them in a scrape.</summary>
    private static string Escape(string content) => content.AsSpan().IndexOfAny(Special) < 0
        ? content
        : content.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");

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
