using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Simulation.Host.Metrics;

/// <summary>Listens to meters and writes what they measured in Prometheus' text format.</summary>
internal sealed class MetricCollector : IDisposable
{
    /// <summary>.NET's own: garbage collection, threads, memory, CPU.</summary>
    private const string RuntimeMeter = "System.Runtime";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new();
    private readonly Lock _scraping = new();

    /// <param name="meter">Whose instruments to collect, beside the runtime's.</param>
    public MetricCollector(Meter meter)
    {
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

    public string Write()
    {
        lock (_scraping)
        {
            foreach (MetricFamily family in _families.Values)
            {
                family.ForgetObserved();
            }

            _listener.RecordObservableInstruments();
            var text = new StringBuilder();
            foreach (MetricFamily family in _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal))
            {
                family.Write(text);
            }

            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Measure<T>(Func<T, double> convert)
        where T : struct =>
        _listener.SetMeasurementEventCallback<T>((_, value, tags, family) => ((MetricFamily)family!).Measure(convert(value), tags));
}
