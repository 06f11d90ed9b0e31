using System.Globalization;
using System.Text;

namespace Simulation.Host.Telemetry;

/// <summary>Writes families and their samples in one of the formats. Their differences are known here and nowhere else.</summary>
/// <param name="format">Which.</param>
/// <param name="constantLabels">In front of every sample's own; empty for none.</param>
internal sealed class MetricWriter(ExpositionFormat format, string constantLabels)
{
    private readonly StringBuilder _text = new();

    public void Family(MetricName name, string help)
    {
        string family = format.IsOpenMetrics ? name.Family : name.Sample;
        _text.Append("# HELP ").Append(family).Append(' ').Append(Escape(help)).Append('\n');
        _text.Append("# TYPE ").Append(family).Append(' ').Append(TypeOf(name.Kind)).Append('\n');
        if (format.IsOpenMetrics && name.Unit.Length > 0)
        {
            _text.Append("# UNIT ").Append(family).Append(' ').Append(name.Unit).Append('\n');
        }
    }

    /// <param name="name">Of the family, with what is added to it: <c>_bucket</c>.</param>
    /// <param name="labels">For example <c>partition="7"</c>; empty for none.</param>
    /// <param name="value">Of the sample.</param>
    /// <param name="bound">Of a histogram's bucket.</param>
    public void Sample(string name, string labels, double value, double? bound = null)
    {
        _text.Append(name);
        string le = bound is { } upper ? $"le=\"{Bound(upper)}\"" : "";
        if (constantLabels.Length + labels.Length + le.Length > 0)
        {
            _text.Append('{');
            Append(constantLabels);
            Append(labels);
            Append(le);
            _text[^1] = '}'; // In the place of the last comma.
        }

        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    public string End() => (format.IsOpenMetrics ? _text.Append("# EOF\n") : _text).ToString();

    private void Append(string labels)
    {
        if (labels.Length > 0)
        {
            _text.Append(labels).Append(',');
        }
    }

    private string TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        MetricKind.Info when format.IsOpenMetrics => "info",
        _ => "gauge",
    };

    private string Escape(string help)
    {
        string escaped = help.Replace("\\", "\\\\").Replace("\n", "\\n");
        return format.IsOpenMetrics ? escaped.Replace("\"", "\\\"") : escaped;
    }

    /// <summary>OpenMetrics wants a whole bound to be seen as a number with a fraction.</summary>
    private string Bound(double bound)
    {
        string number = Number(bound);
        return format.IsOpenMetrics && number.All(char.IsAsciiDigit) ? number + ".0" : number;
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
