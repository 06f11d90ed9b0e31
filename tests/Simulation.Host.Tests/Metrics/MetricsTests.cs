using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Simulation.History;
using Simulation.Host.CommandLine;
using Simulation.Host.Metrics;
using Simulation.Host.View;

namespace Simulation.Host.Tests.Metrics;

public sealed class MetricsTests
{
    private static readonly Dictionary<string, string> Info = new() { ["run_id"] = "4f2a9c1e", ["odd"] = "a\"b\\c\nd" };

    [Fact]
    public void Write_RunWithTraffic_HasEveryNameOfTheIssue()
    {
        using RunInstruments instruments = Measured();
        using var collector = new MetricCollector(instruments.Meter);
        Measure(instruments);

        string text = collector.Write();

        Assert.Contains("\nsimulation_messages_sent_total{partition=\"7\"} 12\n", text);
        Assert.Contains("\nsimulation_messages_received_total{partition=\"7\"} 11\n", text);
        Assert.Contains("\nsimulation_message_gaps_total 5\n", text);
        Assert.Contains("\nsimulation_message_gaps_pending 2\n", text);
        Assert.Contains("\nsimulation_message_duplicates_total 1\n", text);
        Assert.Contains("\nsimulation_workers_active 2\n", text);
        Assert.Contains("\nsimulation_partitions_per_worker_bucket{le=\"5\"} 1\n", text);
        Assert.Contains("\nsimulation_partitions_per_worker_bucket{le=\"+Inf\"} 2\n", text);
        Assert.Contains("\nsimulation_message_processing_duration_seconds_bucket{le=\"0.025\"} 1\n", text);
        Assert.Contains("\nsimulation_message_processing_duration_seconds_count 1\n", text);
        Assert.Contains("\nsimulation_rebalancing_duration_seconds_sum 0.25\n", text);
        Assert.Contains("simulation_run_info{run_id=\"4f2a9c1e\",odd=\"a\\\"b\\\\c\\nd\"} 1\n", text);
        Assert.Contains("# TYPE simulation_partitions_per_worker histogram\n", text);
        Assert.Contains("# TYPE dotnet_gc_collections_total counter\n", text);
    }

    [Fact]
    public void Write_ObservedSeriesThatIsGone_IsForgotten()
    {
        using RunInstruments instruments = Measured();
        using var collector = new MetricCollector(instruments.Meter);
        Measure(instruments);
        collector.Write();

        instruments.Show(Snapshot(gaps: 0) with { Partitions = [new PartitionCounts(8, 1, 1)] });

        string text = collector.Write();
        Assert.DoesNotContain("partition=\"7\"", text);
        Assert.Contains("partition=\"8\"", text);
    }

    [Fact]
    public void Measure_CountersOfBothKinds_AddUp()
    {
        using var meter = new Meter("test");
        using var collector = new MetricCollector(meter);
        Counter<long> counter = meter.CreateCounter<long>("requests", description: "Requests.");
        UpDownCounter<int> open = meter.CreateUpDownCounter<int>("open.count", description: "Open ones.");
        Gauge<double> level = meter.CreateGauge<double>("level", "By", "Level.");
        counter.Add(2);
        counter.Add(3);
        open.Add(5);
        open.Add(-1);
        level.Record(7);
        level.Record(1.5);

        string text = collector.Write();

        Assert.Contains("\nrequests_total 5\n", text);
        Assert.Contains("\nopens 4\n", text);
        Assert.Contains("\nlevel_bytes 1.5\n", text);
    }

    [Fact]
    public async Task Endpoint_Requests_AreAnswered()
    {
        await using var endpoint = MetricsEndpoint.Start("127.0.0.1", 0, () => "up 1\n");
        using var client = new HttpClient();

        using HttpResponseMessage metrics = await client.GetAsync(endpoint.Url);
        Assert.Equal("up 1\n", await metrics.Content.ReadAsStringAsync());
        Assert.Equal("text/plain", metrics.Content.Headers.ContentType!.MediaType);

        using HttpResponseMessage elsewhere = await client.GetAsync(endpoint.Url.Replace("/metrics", "/nowhere"));
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);

        using HttpResponseMessage post = await client.PostAsync(endpoint.Url, new StringContent("x"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    [Fact]
    public async Task Endpoint_CallerThatSaysNothing_DoesNotHoldTheNextOneUpForever()
    {
        await using var endpoint = MetricsEndpoint.Start("127.0.0.1", 0, () => "up 1\n");
        var address = new Uri(endpoint.Url);
        using var silent = new TcpClient();
        await silent.ConnectAsync(address.Host, address.Port);
        using var client = new HttpClient();
        Assert.Equal("up 1\n", await client.GetStringAsync(address));
    }

    [Fact]
    public async Task Start_PortInUse_Exits69WithTheRemedy()
    {
        await using var first = MetricsEndpoint.Start("127.0.0.1", 0, () => "");
        int port = new Uri(first.Url).Port;
        var error = Assert.Throws<UserErrorException>(() => MetricsEndpoint.Start("127.0.0.1", port, () => ""));
        Assert.Equal(ExitCode.Unavailable, error.ExitCode);
        Assert.Contains("the port is in use; choose another with metrics.prometheus.port", error.Message);
    }

    [SkippableFact]
    public async Task Write_Everything_SatisfiesPromtool()
    {
        string? promtool = FindPromtool();
        Skip.If(promtool is null, "promtool is not on the PATH, and PROMTOOL does not name it (Debian: package prometheus)");
        using RunInstruments instruments = new(new Dictionary<string, string> { ["run_id"] = "4f2a9c1e" });
        using var collector = new MetricCollector(instruments.Meter);
        Measure(instruments);
        using Process process = Process.Start(new ProcessStartInfo(promtool!, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteAsync(collector.Write());
        process.StandardInput.Close();
        string said = await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal((0, ""), (process.ExitCode, said));
    }

    private static RunInstruments Measured() => new(Info);

    private static void Measure(RunInstruments instruments)
    {
        instruments.Show(Snapshot(gaps: 3));
        instruments.Show(Snapshot(gaps: 0));
        instruments.Show(Snapshot(gaps: 2));
        instruments.MessageProcessed(TimeSpan.FromMilliseconds(20));
        instruments.RebalanceCompleted(TimeSpan.FromMilliseconds(250), 5);
    }

    private static RunSnapshot Snapshot(long gaps) => new()
    {
        Phase = "running",
        Elapsed = TimeSpan.FromSeconds(1),
        Duration = TimeSpan.FromMinutes(1),
        Sent = 12,
        Received = 11,
        GapsPending = gaps,
        Duplicates = 1,
        WorkersActive = 2,
        PartitionsPerWorker = [5, 6],
        Partitions = [new PartitionCounts(7, 12, 11)],
    };

    private static string? FindPromtool() => Environment.GetEnvironmentVariable("PROMTOOL") is { Length: > 0 } named
        ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);
}
