using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Simulation.Host.Telemetry;

/// <summary>Listens to meters and writes what they measured as Prometheus reads it.</summary>
internal sealed class MetricCollector : IDisposable
{
    /// <summary>.NET's own: garbage collection, threads, memory, CPU.</summary>
    public const string RuntimeMeter = "System.Runtime";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new();
    private readonly Lock _scraping = new();

    private readonly string _constantLabels;

    /// <param name="meter">Whose instruments to collect, beside the runtime's.</param>
    /// <param name="labels">On every series.</param>
    public MetricCollector(Meter meter, params ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        _constantLabels = PrometheusNames.Labels(labels);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == meter || instrument.Meter.Name == RuntimeMeter)
            {
                var family = new MetricFamily(instrument);
                listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(family.Name, family));
            }
        };
        Measure<int>(value => value);
        Measure<long>(value => value);
        Measure<double>(value => value);
        _listener.Start();
    }

    /// <param name="format">In which form.</param>
    /// <param name="output">Takes the text, in UTF-8.</param>
    public void Write(ExpositionFormat format, IBufferWriter<byte> output)
    {
        lock (_scraping)
        {
            foreach (MetricFamily family in _families.Values)
            {
                family.BeginObserving();
            }

            _listener.RecordObservableInstruments();
            var writer = new MetricWriter(format, _constantLabels, output);
            foreach (MetricFamily family in _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal))
            {
                family.Write(writer);
            }

            writer.End();
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Measure<T>(Func<T, double> convert)
        where T : struct =>
        _listener.SetMeasurementEventCallback<T>((_, value, tags, family) => ((MetricFamily)family!).Measure(convert(value), tags));
}
