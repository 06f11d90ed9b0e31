using System.Buffers;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Simulation.History;
using Simulation.Host.CommandLine;
using Simulation.Host.Telemetry;
using Simulation.Host.View;
using Simulation.TestServers;

namespace Simulation.Host.Tests.Telemetry;

public sealed class MetricsTests
{
    private static readonly Dictionary<string, string> Info = new() { ["seed"] = "7", ["odd"] = "a\"b\\c\nd" };

    [Fact]
    public void Write_RunWithTraffic_HasEveryNameOfTheIssue()
    {
        using RunInstruments instruments = Measured();
        using var collector = new MetricCollector(instruments.Meter);
        Measure(instruments);

        string text = collector.Write(ExpositionFormat.Text);

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
        Assert.Contains("simulation_run_info{seed=\"7\",odd=\"a\\\"b\\\\c\\nd\"} 1\n", text);
        Assert.Contains("\nsimulation_publish_latency_seconds_bucket{le=\"0.0001\"} 1\n", text);
        Assert.Contains("\nsimulation_end_to_end_latency_seconds_bucket{le=\"0.00025\"} 0\n", text);
        Assert.Contains("\nsimulation_end_to_end_latency_seconds_bucket{le=\"0.0005\"} 1\n", text);
        Assert.Contains("\nsimulation_worker_messages_processed_total{worker=\"worker-3\"} 1\n", text);
        Assert.Contains("\nsimulation_worker_processing_seconds_total{worker=\"worker-3\"} 0.02\n", text);
        Assert.Contains("# TYPE simulation_partitions_per_worker histogram\n", text);
        Assert.Contains("# TYPE dotnet_gc_collections_total counter\n", text);
    }

    /// <summary>From a checkpoint on, or from the beginning of the logs: latencies are counted as if nobody had died.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Resume_Latencies_GoOnWhereTheyWere(bool fromCheckpoint)
    {
        var store = new MemoryHistoryStore("run");
        using HistoryWriter producer = store.Create("producer-0", ParticipantKind.Producer);
        Send(producer, first: 0, count: 7);
        using var before = new LiveTail(store);
        before.Finish();
        FoldSnapshot? checkpoint = fromCheckpoint ? before.Snapshot() : null;
        Send(producer, first: 7, count: 4);
        using RunInstruments instruments = Measured();
        using var collector = new MetricCollector(instruments.Meter);

        Actors.Resumption.From(store, checkpoint, instruments.FoldObserver);

        string text = collector.Write(ExpositionFormat.Text);
        Assert.Contains("\nsimulation_publish_latency_seconds_count 11\n", text);
        Assert.Contains("\nsimulation_publishes_total{outcome=\"acknowledged\"} 11\n", text);
    }

    private static void Send(HistoryWriter producer, int first, int count)
    {
        foreach (int sequence in Enumerable.Range(first, count))
        {
            DateTimeOffset at = DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(sequence + 1);
            producer.Intent(at, new MessageId(0, sequence), sequence, at, 1, 128, 7);
            producer.Acknowledged(at + TimeSpan.FromMilliseconds(3), new MessageId(0, sequence), (ulong)sequence + 1, duplicate: false);
        }
    }

    [Fact]
    public void Write_OpenMetrics_IsAsItsSpecificationSays()
    {
        using var meter = new Meter("test");
        using var collector = new MetricCollector(meter, new KeyValuePair<string, object?>("run_id", "4f2a9c1e"));
        meter.CreateCounter<long>("requests_total", description: "All \"requests\".").Add(2, new KeyValuePair<string, object?>("kind", "a"));
        meter.CreateHistogram("wait_seconds", "s", "Waiting.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 2] }).Record(1);
        meter.CreateGauge<int>("build_info", description: "Who.").Record(1);

        string[] lines = [.. collector.Write(ExpositionFormat.OpenMetrics).Split('\n').Where(line => !line.Contains("dotnet_"))];

        Assert.Equal(
            [
                "# HELP build Who.", "# TYPE build info", "build_info{run_id=\"4f2a9c1e\"} 1",
                "# HELP requests All \\\"requests\\\".", "# TYPE requests counter", "requests_total{run_id=\"4f2a9c1e\",kind=\"a\"} 2",
                "# HELP wait_seconds Waiting.", "# TYPE wait_seconds histogram", "# UNIT wait_seconds seconds",
                "wait_seconds_bucket{run_id=\"4f2a9c1e\",le=\"0.5\"} 0", "wait_seconds_bucket{run_id=\"4f2a9c1e\",le=\"2.0\"} 1",
                "wait_seconds_bucket{run_id=\"4f2a9c1e\",le=\"+Inf\"} 1",
                "wait_seconds_sum{run_id=\"4f2a9c1e\"} 1", "wait_seconds_count{run_id=\"4f2a9c1e\"} 1",
                "# EOF", "",
            ],
            lines);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("*/*", false)]
    [InlineData("text/html", false)]
    [InlineData("application/openmetrics-text", true)]
    [InlineData("application/openmetrics-text; version=1.0.0; charset=utf-8", true)]
    [InlineData("application/openmetrics-text;version=2.0.0", false)]
    [InlineData("text/plain, application/openmetrics-text;q=0.5", false)]
    [InlineData("application/openmetrics-text;q=0", false)]
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", true)]
    public void For_AcceptHeader_GivesWhatIsLikedBest(string accept, bool openMetrics) =>
        Assert.Equal(openMetrics, ExpositionFormat.For(accept).IsOpenMetrics);

    [Fact]
    public void Write_MorePartitionsThanMayHaveSeries_SumsTheLightOnes()
    {
        using var instruments = new RunInstruments(Info, perPartition: 1);
        using var collector = new MetricCollector(instruments.Meter);
        instruments.Show(Snapshot(gaps: 0) with { Partitions = [new PartitionCounts(0, 5, 5), new PartitionCounts(1, 3, 2), new PartitionCounts(2, 4, 4)] });

        string text = collector.Write(ExpositionFormat.Text);

        Assert.Contains("\nsimulation_messages_sent_total{partition=\"0\"} 5\n", text);
        Assert.Contains("\nsimulation_messages_sent_total{partition=\"other\"} 7\n", text);
        Assert.DoesNotContain("partition=\"1\"", text);
    }

    [Fact]
    public void Write_ObservedSeriesThatIsGone_IsForgotten()
    {
        using RunInstruments instruments = Measured();
        using var collector = new MetricCollector(instruments.Meter);
        Measure(instruments);
        collector.Write(ExpositionFormat.Text);

        instruments.Show(Snapshot(gaps: 0) with { Partitions = [new PartitionCounts(8, 1, 1)] });

        string text = collector.Write(ExpositionFormat.Text);
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

        string text = collector.Write(ExpositionFormat.Text);

        Assert.Contains("\nrequests_total 5\n", text);
        Assert.Contains("\nopens 4\n", text);
        Assert.Contains("\nlevel_bytes 1.5\n", text);
    }

    [Fact]
    public async Task Endpoint_Requests_AreAnswered()
    {
        await using var endpoint = MetricsEndpoint.Start("127.0.0.1", 0, (_, body) => body.Write("up 1\n"u8));
        using var client = new HttpClient();

        using HttpResponseMessage metrics = await client.GetAsync(endpoint.Url);
        Assert.Equal("up 1\n", await metrics.Content.ReadAsStringAsync());
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", metrics.Content.Headers.ContentType!.ToString());
        Assert.Equal(1, endpoint.Reads);

        using HttpResponseMessage elsewhere = await client.GetAsync(endpoint.Url.Replace("/metrics", "/nowhere"));
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);

        using HttpResponseMessage post = await client.PostAsync(endpoint.Url, new StringContent("x"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    [Fact]
    public async Task Endpoint_CallerThatSaysNothing_DoesNotHoldTheNextOneUpForever()
    {
        await using var endpoint = MetricsEndpoint.Start("127.0.0.1", 0, (_, body) => body.Write("up 1\n"u8));
        var address = new Uri(endpoint.Url);
        using var silent = new TcpClient();
        await silent.ConnectAsync(address.Host, address.Port);
        using var client = new HttpClient();
        Assert.Equal("up 1\n", await client.GetStringAsync(address));
    }

    [Fact]
    public async Task Start_PortInUse_Exits69WithTheRemedy()
    {
        await using var first = MetricsEndpoint.Start("127.0.0.1", 0, (_, _) => { });
        int port = new Uri(first.Url).Port;
        var error = Assert.Throws<UserErrorException>(() => MetricsEndpoint.Start("127.0.0.1", port, (_, _) => { }));
        Assert.Equal(ExitCode.Unavailable, error.ExitCode);
        Assert.Contains("the port is in use; choose another with metrics.prometheus.port", error.Message);
    }

    [SkippableFact]
    public async Task Write_Everything_SatisfiesPromtool()
    {
        using RunInstruments instruments = new(new Dictionary<string, string> { ["seed"] = "7" });
        using var collector = new MetricCollector(instruments.Meter, new KeyValuePair<string, object?>("run_id", "4f2a9c1e"));
        Measure(instruments);
        Assert.Equal("", await PrometheusPackage.CheckMetricsAsync(collector.Write(ExpositionFormat.Text)));
    }

    private static RunInstruments Measured() => new(Info);

    private static void Measure(RunInstruments instruments)
    {
        instruments.Show(Snapshot(gaps: 3));
        instruments.Show(Snapshot(gaps: 0));
        instruments.Show(Snapshot(gaps: 2));
        Fold(instruments.FoldObserver);
        instruments.RebalanceCompleted(TimeSpan.FromMilliseconds(250), 5);
    }

    /// <summary>Message 7.5 is missing when 7.6 comes; then it comes.</summary>
    private static void Fold(IFoldObserver observer)
    {
        observer.Folding(new HistoryRecord { Type = RecordType.Delivered, Partition = 7, A = 6, Time = 1_000_000, Count = 1 }, "worker-3");
        observer.GapOpened(3);
        observer.GapOpened(2);
        observer.Folding(new HistoryRecord { Type = RecordType.Processed, Partition = 7, A = 6, Time = 1_020_000, Count = 1 }, "worker-3");
        observer.Acknowledged(0, 90);
        observer.Arrived(0, 400);
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
}
