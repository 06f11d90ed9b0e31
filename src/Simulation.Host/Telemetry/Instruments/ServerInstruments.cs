using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Text.Json;
using static Simulation.Host.Telemetry.MeterExtensions;

namespace Simulation.Host.Telemetry;

/// <summary>What the run's own nats-servers say of themselves in <c>/varz</c> and <c>/jsz</c>.</summary>
internal sealed class ServerInstruments
{
    private volatile IReadOnlyList<ServerReading> _readings = [];

    public ServerInstruments(Meter meter)
    {
        Gauge(meter, "nats_server_up", null, "Whether the server answers.", reading => reading.Varz is null ? 0 : 1);
        Counter(meter, "nats_server_starts_total", null, "How often the server was started.", reading => reading.Starts);
        Gauge(meter, "nats_server_memory_bytes", "By", "Memory of the server that is in RAM.", Varz("mem"));
        Gauge(meter, "nats_server_cpu_percent", null, "Processor time of the server; 100 is one processor.", Varz("cpu"));
        Gauge(meter, "nats_server_open_fds", null, "File descriptors that the server has open.", reading => reading.OpenFiles);
        Gauge(meter, "nats_server_threads", null, "Threads of the server.", reading => reading.Threads);
        Gauge(meter, "nats_server_connections", null, "Clients that are connected.", Varz("connections"));
        Gauge(meter, "nats_server_routes", null, "Routes to other servers.", Varz("routes"));
        Gauge(meter, "nats_server_subscriptions", null, "Subscriptions.", Varz("subscriptions"));
        Counter(meter, "nats_server_slow_consumers_total", null, "Clients that were cut off because they read too slowly.", Varz("slow_consumers"));
        Counter(meter, "nats_server_received_messages_total", null, "Messages that clients and routes sent to the server.", Varz("in_msgs"));
        Counter(meter, "nats_server_sent_messages_total", null, "Messages that the server sent to clients and routes.", Varz("out_msgs"));
        Counter(meter, "nats_server_received_bytes_total", "By", "Bytes of messages that clients and routes sent to the server.", Varz("in_bytes"));
        Counter(meter, "nats_server_sent_bytes_total", "By", "Bytes of messages that the server sent to clients and routes.", Varz("out_bytes"));
        Gauge(meter, "nats_jetstream_streams", null, "Streams.", Jsz("streams"));
        Gauge(meter, "nats_jetstream_consumers", null, "Consumers.", Jsz("consumers"));
        Gauge(meter, "nats_jetstream_messages", null, "Messages in all streams, key-value buckets among them.", Jsz("messages"));
        Gauge(meter, "nats_jetstream_stored_bytes", "By", "Bytes of all messages in streams.", Jsz("bytes"));
        Gauge(meter, "nats_jetstream_file_bytes", "By", "Storage on disk that is in use.", Jsz("storage"));
        Gauge(meter, "nats_jetstream_memory_bytes", "By", "Storage in memory that is in use.", Jsz("memory"));
        Counter(meter, "nats_jetstream_api_requests_total", null, "Requests to JetStream's interface.", Jsz("api", "total"));
        Counter(meter, "nats_jetstream_api_errors_total", null, "Requests to JetStream's interface that were answered with an error.", Jsz("api", "errors"));
    }

    public void Show(ImmutableArray<ServerReading> readings) => _readings = readings;

    private static Func<ServerReading, double?> Varz(params string[] path) => reading => Figure(reading.Varz, path);

    private static Func<ServerReading, double?> Jsz(params string[] path) => reading => Figure(reading.Jsz, path);

    /// <returns>Null where the server did not answer; what a version does not tell is nothing.</returns>
    private static double? Figure(JsonElement? answer, string[] path)
    {
        if (answer is not { } element)
        {
            return null;
        }

        foreach (string name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return 0;
            }
        }

        return element.ValueKind == JsonValueKind.Number ? element.GetDouble() : 0;
    }

    private void Gauge(Meter meter, string name, string? unit, string description, Func<ServerReading, double?> read) =>
        meter.CreateObservableGauge(name, () => Measure(read), unit, description);

    private void Counter(Meter meter, string name, string? unit, string description, Func<ServerReading, double?> read) =>
        meter.CreateObservableCounter(name, () => Measure(read), unit, description);

    private IEnumerable<Measurement<double>> Measure(Func<ServerReading, double?> read)
    {
        foreach (ServerReading reading in _readings)
        {
            if (read(reading) is { } value)
            {
                yield return new Measurement<double>(value, Tag("server", reading.Server));
            }
        }
    }
}
