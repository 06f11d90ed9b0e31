using System.Text.Json;
using Simulation.TestServers;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>What happens to the servers that a run started for itself.</summary>
public sealed class ProcessOwnServerTests : ProcessTest
{
    [SkippableFact]
    public async Task Run_ServerIsKilled_IsRestartedFromItsStoreAndTheVerdictTellsWhatItCost()
    {
        await using SimulationProcess run = Run("simulation.duration=1h");
        await run.SaysAsync("running,");
        OperatingSystemProcess.Signal(Assert.Single(run.Servers()), Signal.Kill);
        await run.SaysAsync("is back after");
        await run.PassesAfterMoreAsync(50);

        Assert.Contains("nats-server simulation ended unexpectedly (signal 9) and was restarted from its store, away for", run.Output);
        using JsonDocument report = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(run.RunFolder, "report.json")));
        JsonElement incident = Assert.Single(report.RootElement.GetProperty("verdict").GetProperty("server_incidents").EnumerateArray());
        Assert.True(incident.GetProperty("away_seconds").GetDouble() > 0);
        (_, string history, _) = await ExecuteAsync("history", "export", run.RunFolder);
        Assert.Single(history.Split('\n'), line => line.Contains("signal 9", StringComparison.Ordinal) && line.Contains("server", StringComparison.Ordinal));
    }

    /// <summary>All that is made on the server has to suit each of them.</summary>
    [SkippableTheory]
    [InlineData(TestServerVersions.V29, "per_partition")]
    [InlineData(TestServerVersions.V29, "per_group")]
    [InlineData(TestServerVersions.V210, "per_group")]
    [InlineData(TestServerVersions.V210, "per_worker")]
    [InlineData(TestServerVersions.V215, "per_group")]
    [InlineData(TestServerVersions.V215, "per_worker")]
    public async Task Run_EachLayoutOnEachVersion_Passes(string version, string layout)
    {
        string server = (await TestServerVersions.LocateAsync(version)).Path;
        await using SimulationProcess run = Run(
            "simulation.duration=1s", $"nats.server_path={server}", $"workers.consumers.layout={layout}", "workers.consumers.group_size=3");
        await run.ExitsAsync(0);
        Assert.Contains($"nats-server {version}", run.Error);
        Assert.Contains("Verdict: passed", run.Output);
    }

    [SkippableFact]
    public async Task Run_ThresholdThatAborts_EndsTheRunDrainsAndIsToldEverywhere()
    {
        await using SimulationProcess run = Run("simulation.duration=1h", "thresholds=[{metric: sent.count, below: 20, abort: true}]");
        await run.ExitsAsync(99);

        Assert.Contains("Ended early: threshold missed: sent.count below 20", run.Output);
        Assert.Contains("Verdict: passed", run.Output); // It was drained and judged all the same.
        string[] rendered = [await File.ReadAllTextAsync(Path.Combine(run.RunFolder, "report.html")), await File.ReadAllTextAsync(Path.Combine(run.RunFolder, "summary.md")), await File.ReadAllTextAsync(Path.Combine(run.RunFolder, "junit.xml"))];
        Assert.All(rendered, text => Assert.Contains("sent.count below 20", text));
    }

    [SkippableFact]
    public async Task Run_ClusterOfThreeLosesOne_Passes()
    {
        await using SimulationProcess run = Run("simulation.duration=1h", "nats.cluster.size=3", "nats.jetstream.replicas=3");
        await run.SaysAsync("running,");
        IReadOnlyList<int> servers = run.Servers();
        Assert.Equal(3, servers.Count);
        OperatingSystemProcess.Signal(servers[0], Signal.Kill);
        await run.SaysAsync("is back after");
        await run.PassesAfterMoreAsync(50);
        Assert.Contains("was restarted from its store", run.Output);
        await run.LeavesNothingRunningAsync();
    }

    [SkippableFact]
    public async Task Run_ServerCannotBeRestarted_EndsInconclusive()
    {
        await using SimulationProcess run = Run("simulation.duration=1h", "coordinator.validation_window=2s");
        await run.SaysAsync("running,");
        string store = Path.Combine(run.RunFolder, "nats", "store");
        int server = Assert.Single(run.Servers());
        Directory.Move(store, store + ".gone");
        await File.WriteAllTextAsync(store, "not a folder");
        OperatingSystemProcess.Signal(server, Signal.Kill);
        await run.ExitsAsync(2);
        Assert.Contains("Ended early: nats-server simulation ended unexpectedly (signal 9) and could not be started again", run.Output);
        Assert.Contains("Verdict: inconclusive", run.Output);
    }

    [SkippableFact]
    public async Task Run_DiskFillsUp_IsCutShortAndInconclusive()
    {
        using SmallDisk disk = SmallDisk.Mount(Path.Combine(Folder, "disk"), megabytes: 110);
        await using SimulationProcess run = Run(
            $"--output {disk.Path}", "simulation.duration=1h", "message.size=64KB", "partitions.message_rate_per_partition=20");
        await run.ExitsAsync(2);
        Assert.Contains($"MiB are free at {run.RunFolder}; make room there, or choose another place with --output DIR", run.Output);
        Assert.Contains("not known: The run was cut short: ", run.Output);
        (int exitCode, string checkedOutput, _) = await ExecuteAsync("check", run.RunFolder);
        Assert.Equal(2, exitCode);
        Assert.StartsWith(checkedOutput, run.Output);
    }

    /// <summary>Who stumbles first decides whether a verdict can still be tried; that all went well is not among the answers.</summary>
    [SkippableFact]
    public async Task Run_FolderIsRemoved_EndsInconclusiveOrUnavailable()
    {
        await using SimulationProcess run = Run("simulation.duration=1h", "coordinator.validation_window=2s");
        await run.SaysAsync("running,");
        RemoveWhileWritten(run.RunFolder);
        Assert.Contains(await run.ExitAsync(), new[] { 2, 69 });
        Assert.Contains("The run is cut short: the run's folder", run.Error);
        Assert.DoesNotContain("internal error", run.Error);
        await run.LeavesNothingRunningAsync();
    }

    /// <summary>One message is refused, or several that were on their way together.</summary>
    [SkippableFact]
    public async Task Run_OutOfStorage_EndsEarlyAndIsInconclusive()
    {
        await using SimulationProcess run = Run(
            "simulation.duration=1h", "nats.jetstream.max_file_storage=1MB", "message.size=16KB", "coordinator.validation_window=2s");
        await run.ExitsAsync(2);
        Assert.Contains("Ended early: the server has no room left for the stream", run.Output);
        Assert.Matches("not known: The server refused (a message to the end, so it was|[0-9]+ messages to the end, so they were) never sent[.]", run.Output);
        Assert.Contains("Verdict: inconclusive", run.Output);
        await run.LeavesNothingRunningAsync();
    }

    /// <summary>The server goes on creating files while its folder goes: what came up behind the removal is removed again.</summary>
    private static void RemoveWhileWritten(string folder)
    {
        while (Directory.Exists(folder))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // Something was created in a folder that had just been emptied; once more.
            }
        }
    }
}
