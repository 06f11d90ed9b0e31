using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Simulation.Host.Configuration;

namespace Simulation.Host.Telemetry;

/// <summary>Sends what the instruments measure to an OTLP endpoint every so often, and once more at the end, by the OpenTelemetry library.</summary>
internal sealed class OtlpExport : IDisposable
{
    private const string ServiceName = "simulation";
    private const string MetricsPath = "v1/metrics";

    /// <summary>For one export. A run that ends does not wait longer for an endpoint that does not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly MeterProvider _provider;

    private OtlpExport(MeterProvider provider) => _provider = provider;

    /// <param name="options">With an endpoint.</param>
    /// <param name="runId">Of the run, as an attribute of the resource.</param>
    /// <param name="warn">Told once when the endpoint cannot be reached or does not take what it is sent.</param>
    public static OtlpExport Start(OtlpSection options, string runId, Action<string> warn)
    {
        var watch = new OtlpWatch(options, warn);
        return new OtlpExport(Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty()
                .AddService(ServiceName, serviceInstanceId: runId)
                .AddAttributes([new KeyValuePair<string, object>("run_id", runId)]))
            .AddMeter(RunInstruments.MeterName, MetricCollector.RuntimeMeter)
            .AddOtlpExporter((exporter, reader) =>
            {
                exporter.Endpoint = EndpointOf(options);
                exporter.Protocol = options.Protocol == OtlpProtocol.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
                exporter.TimeoutMilliseconds = (int)Patience.TotalMilliseconds;
                exporter.HttpClientFactory = () => new HttpClient(new OtlpWatchHandler(watch)) { Timeout = Patience };
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.Interval.TotalMilliseconds;
            })
            .Build());
    }

    /// <summary>Sends what there is now, and ends.</summary>
    public void Dispose() => _provider.Dispose();

    /// <summary>An endpoint without a path means the one that the protocol has.</summary>
    private static Uri EndpointOf(OtlpSection options)
    {
        var endpoint = new Uri(options.Endpoint!);
        return options.Protocol == OtlpProtocol.HttpProtobuf && endpoint.AbsolutePath == "/" ? new Uri(endpoint, MetricsPath) : endpoint;
    }
}
