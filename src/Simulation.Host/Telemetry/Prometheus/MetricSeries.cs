namespace Simulation.Host.Telemetry;

/// <summary>The values of one instrument under one set of labels. Not thread-safe: its family locks.</summary>
internal abstract class MetricSeries
{
    /// <summary>Since the last scrape, if it has to be told again for each.</summary>
    public bool WasTold { get; set; }

    public abstract void Measure(double value);

    /// <param name="writer">Where to.</param>
    /// <param name="name">Of the sample.</param>
    /// <param name="labels">Empty for none.</param>
    public abstract void Write(MetricWriter writer, string name, string labels);
}

/// <summary>The latest value: what a gauge set, or what an observed instrument said.</summary>
internal sealed class LatestSeries : MetricSeries
{
    private double _value;

    public override void Measure(double value) => _value = value;

    public override void Write(MetricWriter writer, string name, string labels) => writer.Sample(name, labels, _value);
}

/// <summary>The sum of what was added.</summary>
internal sealed class SumSeries : MetricSeries
{
    private double _sum;

    public override void Measure(double value) => _sum += value;

    public override void Write(MetricWriter writer, string name, string labels) => writer.Sample(name, labels, _sum);
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

    public override void Write(MetricWriter writer, string name, string labels)
    {
        long below = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            below += _counts[i];
            writer.Sample($"{name}_bucket", labels, below, i < bounds.Length ? bounds[i] : double.PositiveInfinity);
        }

        writer.Sample($"{name}_sum", labels, _sum);
        writer.Sample($"{name}_count", labels, below);
    }
}
