using System.Net;
using System.Net.Sockets;
using Simulation.TestServers;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>What cannot be run is said once, with the place and the remedy, and leaves nothing behind.</summary>
public sealed class ProcessBadInputTests : ProcessTest
{
    private const int Unavailable = 69;
    private const int Configuration = 78;

    [Theory]
    [InlineData("workers: {cuont: 3}", "bad.yaml:1:11", "did you mean 'count'")]
    [InlineData("workers: {count: many}", "bad.yaml:1:18", "workers.count")]
    [InlineData("simulation: {duration: 10 parsecs}", "bad.yaml:1:24", "simulation.duration")]
    [InlineData("partitions: {count: 10}\nproducers: {count: 3, partitions_per_producer: 2}", "bad.yaml:2:48", "cover 6 of 10 partitions")]
    [InlineData("nats: {version: banana}", "bad.yaml:1:17", "such as 2.10")]
    [InlineData("simulation: {mode: worker}", "bad.yaml:1:20", "not built yet")]
    [InlineData("chaos: {enabled: true, events: [worker_crush]}", "bad.yaml:1:33", "did you mean 'worker_crash'?")]
    public async Task Run_BadConfiguration_Exits78WithPlaceAndRemedy(string yaml, string place, string remedy)
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "bad.yaml"), yaml);
        (int exitCode, string output, string error) = await ExecuteAsync("--config", "bad.yaml");
        Assert.Equal(Configuration, exitCode);
        Assert.Empty(output);
        Assert.StartsWith(place, error);
        Assert.Contains(remedy, error);
        Assert.EndsWith("1 problem in the configuration.\n", error);
        Assert.False(Directory.Exists(Path.Combine(Folder, "runs")));
    }

    [Fact]
    public async Task Run_MissingFile_Exits78()
    {
        (int exitCode, _, string error) = await ExecuteAsync("--config", "nowhere.yaml");
        Assert.Equal(Configuration, exitCode);
        Assert.StartsWith("nowhere.yaml: no such file", error);
    }

    [Fact]
    public async Task Run_UnknownOption_Exits64()
    {
        (int exitCode, string output, string error) = await ExecuteAsync("--config", "run.yaml", "--fast");
        Assert.Equal(64, exitCode);
        Assert.Empty(output);
        Assert.Contains("Try 'simulation --help'.", error);
    }

    [Fact]
    public async Task Run_MetricsPortInUse_Exits69()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await AssertUnavailableAsync($":{port}: the port is in use; choose another with metrics.prometheus.port", $"metrics.prometheus.port={port}");
        Assert.False(Directory.Exists(Path.Combine(Folder, "runs")));
    }

    /// <summary>Nobody listens on port 9: one warning, and a run as any other.</summary>
    [SkippableFact]
    public async Task Run_OtlpEndpointIsDown_WarnsOnceAndGoesOn()
    {
        await using SimulationProcess run = Run("simulation.duration=3s", "metrics.otlp.endpoint=http://127.0.0.1:9", "metrics.otlp.interval=1s");
        await run.ExitsAsync(0);
        Assert.Equal(2, run.Error.Split("[WARN] Metrics cannot be sent to http://127.0.0.1:9 (metrics.otlp.endpoint) ").Length);
        Assert.StartsWith("Simulation complete: ", run.Output);
    }

    [Fact]
    public Task Run_OutputIsAFile_Exits69() => AssertUnavailableAsync("choose another place with --output DIR", "--output run.yaml");

    [Fact]
    public Task Run_OutputCannotBeWritten_Exits69() => AssertUnavailableAsync("choose another place with --output DIR", "--output /proc/runs");

    [Fact]
    public Task Run_ServerPathIsNoServer_Exits69() => AssertUnavailableAsync("/bin/true is not a nats-server", "nats.server_path=/bin/true");

    [Fact]
    public async Task Run_NoServerToBeFoundOrFetched_Exits69WithRemedies()
    {
        var nowhere = new Dictionary<string, string?>
        {
            ["PATH"] = Folder,
            ["XDG_CACHE_HOME"] = Path.Combine(Folder, "cache"),
            ["https_proxy"] = "http://127.0.0.1:1",
        };
        await using SimulationProcess process = SimulationProcess.Start(Folder, ["--config", "run.yaml"], nowhere);
        await process.ExitsAsync(Unavailable);
        Assert.Contains("Install nats-server, set nats.server_path to its executable, or use nats.mode: external with nats.url.", process.Error);
    }

    [Fact]
    public Task Run_ExternalServerIsNotThere_Exits69() =>
        AssertUnavailableAsync("is nats.url right?", "nats.mode=external", "nats.url=nats://me:secret@127.0.0.1:1");

    [SkippableFact]
    public async Task Run_ExternalServerHasNoJetStream_Exits69()
    {
        await using OtherServer server = await OtherServer.StartAsync(OtherServer.WithoutJetStream);
        await AssertUnavailableAsync($"{server.Url} has no JetStream for us", "nats.mode=external", $"nats.url={server.Url}");
    }

    [SkippableFact]
    public async Task Run_ExternalServerIsTooOldForTheLayout_Exits69AndLeavesNothing()
    {
        await using OtherServer server = await OtherServer.StartAsync(OtherServer.WithJetStream, TestServerVersions.V29);
        await AssertUnavailableAsync(
            "Choose per_partition or per_group, or a newer server",
            "nats.mode=external", $"nats.url={server.Url}", "workers.consumers.layout=per_worker");
        Assert.Empty(await server.StreamsAsync());
    }

    private async Task AssertUnavailableAsync(string remedy, params string[] settings)
    {
        await using SimulationProcess process = Run(settings);
        await process.ExitsAsync(Unavailable);
        Assert.Empty(process.Output);
        Assert.Contains(remedy, process.Error);
        Assert.DoesNotContain("secret", process.Error);
        Assert.DoesNotContain("internal error", process.Error);
        Assert.Single(process.Error.Split('\n'), line => line.StartsWith("simulation: ", StringComparison.Ordinal));
    }
}
