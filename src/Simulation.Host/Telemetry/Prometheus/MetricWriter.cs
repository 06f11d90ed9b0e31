using System.Buffers;
using System.Globalization;
using System.Text;

namespace Simulation.Host.Telemetry;

/// <summary>Writes families and their samples in one of the formats. Their differences are known here and nowhere else.</summary>
/// <param name="format">Which.</param>
/// <param name="constantLabels">In front of every sample's own; empty for none.</param>
/// <param name="output">Takes the text, in UTF-8.</param>
internal sealed class MetricWriter(ExpositionFormat format, string constantLabels, IBufferWriter<byte> output)
{
    private const int LongestNumber = 32;

    public void Family(MetricName name, string help)
    {
        string family = format.IsOpenMetrics ? name.Family : name.Sample;
        Append("# HELP ", family, " ", Escape(help), "\n");
        Append("# TYPE ", family, " ", TypeOf(name.Kind), "\n");
        if (format.IsOpenMetrics && name.Unit.Length > 0)
        {
            Append("# UNIT ", family, " ", name.Unit, "\n");
        }
    }

    /// <param name="name">Of the family, with what is added to it: <c>_bucket</c>.</param>
    /// <param name="labels">For example <c>partition="7"</c>; empty for none.</param>
    /// <param name="value">Of the sample.</param>
    /// <param name="bound">Of a histogram's bucket.</param>
    public void Sample(string name, string labels, double value, double? bound = null)
    {
        Append(name);
        if (constantLabels.Length + labels.Length > 0 || bound is not null)
        {
            Append("{", constantLabels, constantLabels.Length > 0 && labels.Length > 0 ? "," : "", labels);
            if (bound is { } upper)
            {
                Append(constantLabels.Length + labels.Length > 0 ? ",le=\"" : "le=\"", Bound(upper), "\"");
            }

            Append("}");
        }

        Append(" ");
        Append(value);
        Append("\n");
    }

    public void End() => Append(format.IsOpenMetrics ? "# EOF\n" : "");

    private void Append(params ReadOnlySpan<string> texts)
    {
        foreach (string text in texts)
        {
            Encoding.UTF8.GetBytes(text, output);
        }
    }

    private void Append(double value)
    {
        if (!double.IsFinite(value))
        {
            Append(Number(value));
            return;
        }

        value.TryFormat(output.GetSpan(LongestNumber), out int length, "R", CultureInfo.InvariantCulture);
        output.Advance(length);
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
