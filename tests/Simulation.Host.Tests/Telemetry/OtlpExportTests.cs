using Simulation.History;
using Simulation.Host.Configuration;
using Simulation.Host.Telemetry;

namespace Simulation.Host.Tests.Telemetry;

public sealed class OtlpExportTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly List<string> _warnings = [];

    [Fact]
    public async Task Export_OverHttp_SendsEveryInstrumentWithTheRun()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.OverHttpAsync();
        await ExportAsync(receiver, OtlpProtocol.HttpProtobuf);

        OtlpReceiver.Export export = Assert.Single(receiver.Exports);
        Assert.Equal(("/v1/metrics", "HTTP/1.1", "application/x-protobuf"), (export.Path, export.Protocol, export.ContentType));
        AssertWhole(export.Message);
    }

    [Fact]
    public async Task Export_ByGrpc_SendsEveryInstrumentWithTheRun()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.ByGrpcAsync();
        await ExportAsync(receiver, OtlpProtocol.Grpc);

        OtlpReceiver.Export export = Assert.Single(receiver.Exports);
        Assert.Equal(
            ("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", "HTTP/2", "application/grpc"),
            (export.Path, export.Protocol, export.ContentType));
        AssertWhole(export.Message);
    }

    /// <summary>No key of the configuration: a secret is better kept where OpenTelemetry looks for it.</summary>
    [Theory]
    [InlineData(OtlpProtocol.HttpProtobuf)]
    [InlineData(OtlpProtocol.Grpc)]
    public async Task Export_HeadersInTheEnvironment_AreSent(OtlpProtocol protocol)
    {
        const string Variable = "OTEL_EXPORTER_OTLP_HEADERS";
        await using OtlpReceiver receiver = await (protocol == OtlpProtocol.Grpc ? OtlpReceiver.ByGrpcAsync() : OtlpReceiver.OverHttpAsync());
        Environment.SetEnvironmentVariable(Variable, "authorization=Bearer%20let-me-in");
        try
        {
            await ExportAsync(receiver, protocol);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }

        Assert.Equal("Bearer let-me-in", Assert.Single(receiver.Exports).Authorization);
    }

    [Fact]
    public async Task Export_EndpointThatRefuses_IsWarnedOfOnce()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.OverHttpAsync(status: 403);
        await ExportAsync(receiver, OtlpProtocol.HttpProtobuf);

        AssertWarned(receiver, "http/protobuf", "it answered 403 Forbidden");
    }

    /// <summary>By gRPC a refusal is an answer like any other, with status 200; what it is stands behind its body.</summary>
    [Fact]
    public async Task Export_EndpointThatRefusesByGrpc_IsWarnedOfOnce()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.ByGrpcAsync(status: 16, detail: "who are you?");
        await ExportAsync(receiver, OtlpProtocol.Grpc);

        AssertWarned(receiver, "grpc", "it answered with gRPC status 16 (who are you?)");
    }

    [Fact]
    public async Task Export_ByGrpcToWhoSpeaksOnlyHttp_NamesTheProtocol()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.OverHttpAsync();
        Send(receiver, OtlpProtocol.Grpc);

        Assert.Empty(receiver.Exports);
        Assert.Contains("metrics.otlp.protocol", Assert.Single(_warnings));
    }

    [Fact]
    public async Task Export_OverHttpToWhoSpeaksOnlyGrpc_NamesTheProtocol()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.ByGrpcAsync();
        Send(receiver, OtlpProtocol.HttpProtobuf);

        Assert.Empty(receiver.Exports);
        Assert.Contains("metrics.otlp.protocol", Assert.Single(_warnings));
    }

    [Fact]
    public async Task Failed_Again_WarnsNoMore()
    {
        string url;
        await using (OtlpReceiver receiver = await OtlpReceiver.OverHttpAsync())
        {
            url = receiver.Url;
        }

        var watch = new OtlpWatch(new OtlpSection { Endpoint = url }, _warnings.Add);
        for (int i = 0; i < 3; i++)
        {
            using var client = new HttpClient(new OtlpWatchHandler(watch));
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(url));
        }

        Assert.Contains("refused", Assert.Single(_warnings));
    }

    private async Task ExportAsync(OtlpReceiver receiver, OtlpProtocol protocol)
    {
        Send(receiver, protocol);
        await receiver.Received.WaitAsync(Bound);
    }

    /// <summary>Once, at the end.</summary>
    private void Send(OtlpReceiver receiver, OtlpProtocol protocol)
    {
        using var instruments = new RunInstruments(new Dictionary<string, string>());
        using (OtlpExport.Start(new OtlpSection { Endpoint = receiver.Url, Protocol = protocol, Interval = TimeSpan.FromHours(1) }, "4f2a9c1e", _warnings.Add))
        {
            instruments.FoldObserver.Acknowledged(0, 90);
            instruments.FoldObserver.Folding(new HistoryRecord { Type = RecordType.Acknowledged }, "producer-1");
        }
    }

    private void AssertWhole(string message)
    {
        string[] expected = ["run_id", "4f2a9c1e", "simulation_publish_latency_seconds", "simulation_publishes_total", "process_resident_memory_bytes", "dotnet.gc.collections"];
        Assert.All(expected, text => Assert.Contains(text, message));
        Assert.Empty(_warnings);
    }

    private void AssertWarned(OtlpReceiver receiver, string protocol, string reason) => Assert.StartsWith(
        $"Metrics cannot be sent to {receiver.Url} (metrics.otlp.endpoint) by {protocol} (metrics.otlp.protocol): {reason}. The run goes on;",
        Assert.Single(_warnings));
}
