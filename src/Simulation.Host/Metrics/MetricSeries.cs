using System.Globalization;
using System.Text;

namespace Simulation.Host.Metrics;

/// <summary>The values of one instrument under one set of labels. Not thread-safe: its family locks.</summary>
internal abstract class MetricSeries
{
    public abstract void Measure(double value);

    /// <param name="text">Where to.</param>
    /// <param name="name">Of the family.</param>
    /// <param name="labels">For example <c>partition="7"</c>; empty for none.</param>
    public abstract void Write(StringBuilder text, string name, string labels);

    protected static void WriteSample(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    protected static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>The latest value: what a gauge set, or what an observed instrument said.</summary>
internal sealed class LatestSeries : MetricSeries
{
    private double _value;

    public override void Measure(double value) => _value = value;

    public override void Write(StringBuilder text, string name, string labels) => WriteSample(text, name, labels, _value);
}

/// <summary>The sum of what was added.</summary>
internal sealed class SumSeries : MetricSeries
{
    private double _sum;

    public override void Measure(double value) => _sum += value;

    public override void Write(StringBuilder text, string name, string labels) => WriteSample(text, name, labels, _sum);
}

internal sealed class HistogramSeries(double[] bounds) : MetricSeries
{
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    public override void Measure(double value)
    {
        int at = Array.BinarySearch(bounds, value);
        _counts[at >= 0 ? at : ~at]++; // A bound belongs to its own bucket.
        _sum += value;
    }

    public override void Write(StringBuilder text, string name, string labels)
    {
        string before = labels.Length == 0 ? "" : labels + ",";
        long below = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            below += _counts[i];
            double bound = i < bounds.Length ? bounds[i] : double.PositiveInfinity;
            WriteSample(text, $"{name}_bucket", $"{before}le=\"{Number(bound)}\"", below);
        }

        WriteSample(text, $"{name}_sum", labels, _sum);
        WriteSample(text, $"{name}_count", labels, below);
    }
}
