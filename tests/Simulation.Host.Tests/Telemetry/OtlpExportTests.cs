using System.Net;
using Simulation.History;
using Simulation.Host.Configuration;
using Simulation.Host.Telemetry;

namespace Simulation.Host.Tests.Telemetry;

public sealed class OtlpExportTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Export_OverHttp_SendsEveryInstrumentWithTheRun()
    {
        await using var receiver = OtlpReceiver.Start();
        var warnings = new List<string>();
        using var instruments = new RunInstruments(new Dictionary<string, string>());
        using (OtlpExport.Start(new OtlpSection { Endpoint = receiver.Url, Interval = TimeSpan.FromHours(1) }, "4f2a9c1e", warnings.Add))
        {
            instruments.FoldObserver.Acknowledged(0, 90);
            instruments.FoldObserver.Folding(new HistoryRecord { Type = RecordType.Acknowledged }, "producer-1");
        }

        await receiver.Received.WaitAsync(Bound);
        (string path, string? contentType, string body) = Assert.Single(receiver.Requests);
        Assert.Equal(("/v1/metrics", "application/x-protobuf"), (path, contentType));
        Assert.Contains("run_id", body);
        Assert.Contains("4f2a9c1e", body);
        Assert.Contains("simulation_publish_latency_seconds", body);
        Assert.Contains("simulation_publishes_total", body);
        Assert.Contains("process_resident_memory_bytes", body);
        Assert.Contains("dotnet.gc.collections", body);
        Assert.Empty(warnings);
    }

    [Fact]
    public async Task Export_ByGrpc_GoesToTheServiceOfTheProtocol()
    {
        await using var receiver = OtlpReceiver.Start();
        using var instruments = new RunInstruments(new Dictionary<string, string>());
        var options = new OtlpSection { Endpoint = receiver.Url, Protocol = OtlpProtocol.Grpc, Interval = TimeSpan.FromHours(1) };
        var warnings = new List<string>();
        OtlpExport.Start(options, "4f2a9c1e", warnings.Add).Dispose();

        // The receiver speaks no HTTP/2, which gRPC needs: that the exporter says so is what shows that it was spoken to in gRPC.
        Assert.Single(warnings);
    }

    [Fact]
    public async Task Export_EndpointThatRefuses_IsWarnedOfOnce()
    {
        await using var receiver = OtlpReceiver.Start(HttpStatusCode.Forbidden);
        var warnings = new List<string>();
        using var instruments = new RunInstruments(new Dictionary<string, string>());
        var options = new OtlpSection { Endpoint = receiver.Url, Interval = TimeSpan.FromHours(1) };
        OtlpExport.Start(options, "4f2a9c1e", warnings.Add).Dispose();

        Assert.StartsWith($"Metrics cannot be sent to {receiver.Url} (metrics.otlp.endpoint): it answered 403 Forbidden. The run goes on;", Assert.Single(warnings));
    }

    [Fact]
    public async Task Failed_Again_WarnsNoMore()
    {
        string url;
        await using (var receiver = OtlpReceiver.Start())
        {
            url = receiver.Url;
        }

        var warnings = new List<string>();
        var watch = new OtlpWatch(url, warnings.Add);
        for (int i = 0; i < 3; i++)
        {
            using var client = new HttpClient(new OtlpWatchHandler(watch));
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(url));
        }

        Assert.Contains("refused", Assert.Single(warnings));
    }
}
