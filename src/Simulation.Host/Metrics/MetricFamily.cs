using System.Diagnostics.Metrics;
using System.Text;

namespace Simulation.Host.Metrics;

/// <summary>What one instrument has measured, by its labels, and how that is written.</summary>
internal sealed class MetricFamily
{
    private static readonly double[] DefaultBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private readonly Func<MetricSeries> _newSeries;
    private readonly MetricKind _kind;
    private readonly bool _isObserved;
    private readonly string _help;

    public MetricFamily(Instrument instrument)
    {
        _kind = PrometheusNames.KindOf(instrument);
        _isObserved = instrument.IsObservable;
        _newSeries = SeriesOf(instrument, _kind);
        _help = instrument.Description is { Length: > 0 } description ? description : instrument.Name;
        Name = PrometheusNames.NameOf(instrument);
    }

    public string Name { get; }

    public void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = tags.IsEmpty ? "" : PrometheusNames.Labels(tags);
        lock (_lock)
        {
            if (!_series.TryGetValue(labels, out MetricSeries? series))
            {
                series = _newSeries();
                _series.Add(labels, series);
            }

            series.Measure(value);
        }
    }

    /// <summary>An observed instrument tells everything anew at every scrape; what it no longer tells is gone.</summary>
    public void ForgetObserved()
    {
        if (_isObserved)
        {
            lock (_lock)
            {
                _series.Clear();
            }
        }
    }

    public void Write(StringBuilder text)
    {
        lock (_lock)
        {
            if (_series.Count == 0)
            {
                return;
            }

            text.Append($"# HELP {Name} {_help.Replace("\\", "\\\\").Replace("\n", "\\n")}\n");
            text.Append($"# TYPE {Name} {_kind.ToString().ToLowerInvariant()}\n");
            foreach ((string labels, MetricSeries series) in _series)
            {
                series.Write(text, Name, labels);
            }
        }
    }

    private static Func<MetricSeries> SeriesOf(Instrument instrument, MetricKind kind)
    {
        if (kind == MetricKind.Histogram)
        {
            double[] bounds = [.. (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? DefaultBounds];
            return () => new HistogramSeries(bounds);
        }

        return instrument.IsObservable || PrometheusNames.IsSetNotAdded(instrument) ? () => new LatestSeries() : () => new SumSeries();
    }
}
