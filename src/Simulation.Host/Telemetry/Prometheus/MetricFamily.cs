using System.Diagnostics.Metrics;

namespace Simulation.Host.Telemetry;

/// <summary>What one instrument has measured, by its labels, and how that is written.</summary>
internal sealed class MetricFamily
{
    private static readonly double[] DefaultBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private readonly Func<MetricSeries> _newSeries;
    private readonly MetricName _name;
    private readonly bool _isObserved;
    private readonly string _help;

    public MetricFamily(Instrument instrument)
    {
        _name = MetricName.Of(instrument);
        _isObserved = instrument.IsObservable;
        _newSeries = SeriesOf(instrument, _name.Kind);
        _help = instrument.Description is { Length: > 0 } description ? description : instrument.Name;
    }

    public string Name => _name.Sample;

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

            series.WasTold = true;
            series.Measure(value);
        }
    }

    /// <summary>An observed instrument tells everything anew at every scrape; what it no longer tells is gone.</summary>
    public void BeginObserving()
    {
        lock (_lock)
        {
            foreach (MetricSeries series in _series.Values)
            {
                series.WasTold = !_isObserved;
            }
        }
    }

    public void Write(MetricWriter writer)
    {
        lock (_lock)
        {
            foreach ((string labels, MetricSeries series) in _series)
            {
                if (!series.WasTold)
                {
                    _series.Remove(labels);
                }
            }

            if (_series.Count == 0)
            {
                return;
            }

            writer.Family(_name, _help);
            foreach ((string labels, MetricSeries series) in _series)
            {
                series.Write(writer, _name.Sample, labels);
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
