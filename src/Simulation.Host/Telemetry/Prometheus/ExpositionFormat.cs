using System.Globalization;

namespace Simulation.Host.Telemetry;

/// <summary>How metrics are written: Prometheus' own text, or OpenMetrics for who asks for it.</summary>
internal sealed class ExpositionFormat
{
    public static readonly ExpositionFormat Text = new("text/plain; version=0.0.4; charset=utf-8");

    public static readonly ExpositionFormat OpenMetrics = new("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private ExpositionFormat(string contentType) => ContentType = contentType;

    public string ContentType { get; }

    public bool IsOpenMetrics => this == OpenMetrics;

    /// <summary>What whoever sends this <c>Accept</c> header likes best; the text where nothing is said, or nothing that is had here.</summary>
    public static ExpositionFormat For(string accept)
    {
        double openMetrics = 0;
        double text = 0;
        foreach (string one in accept.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = one.Split(';', StringSplitOptions.TrimEntries);
            switch (parts[0].ToLowerInvariant())
            {
                case "application/openmetrics-text" when Parameter(parts, "version") is null or "1.0.0":
                    openMetrics = Math.Max(openMetrics, Quality(parts));
                    break;
                case "text/plain" or "text/*" or "*/*":
                    text = Math.Max(text, Quality(parts));
                    break;
            }
        }

        return openMetrics > 0 && openMetrics >= text ? OpenMetrics : Text;
    }

    private static double Quality(string[] parts) =>
        double.TryParse(Parameter(parts, "q") ?? "1", NumberStyles.Float, CultureInfo.InvariantCulture, out double quality) ? quality : 0;

    private static string? Parameter(string[] parts, string name) =>
        parts.Skip(1).FirstOrDefault(part => part.StartsWith(name + "=", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim('"');
}
