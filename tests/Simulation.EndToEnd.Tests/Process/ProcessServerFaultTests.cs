using System.Text.Json;
using Simulation.Nats.Embedded;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>Faults of the network and of the servers in whole runs of the executable: each bites, each is undone, and the verdict knows.</summary>
public sealed class ProcessServerFaultTests : ProcessTest
{
    [SkippableFact]
    public async Task Run_NetworkAndProcessFaultsOnALoneServer_AllBiteAndItPasses()
    {
        await using SimulationProcess run = RunWith(
            """
            - {at: 500ms, event: nats_disconnect, targets: worker-0, for: 500ms}
            - {at: 1500ms, event: network_latency, targets: producer-0, for: 1s, latency: 50ms, jitter: 10ms}
            - {at: 1600ms, event: network_bandwidth, targets: worker-1, for: 800ms, kilobytes_per_second: 50}
            - {at: 3s, event: network_partition, targets: producer-1, for: 800ms}
            - {at: 4500ms, event: half_open, targets: producer-0, for: 800ms}
            - {at: 6s, event: server_kill, targets: simulation, for: 300ms}
            - {at: 8500ms, event: server_pause, targets: simulation, for: 800ms}
            - {at: 11s, event: server_restart, targets: leader, for: 300ms}
            """,
            "simulation.duration=1h");
        await run.EndsAfterFaultsAsync(8, exitCode: 0);

        Assert.Equal(8, await CountAsync(run, "fault_bit"));
        Assert.Equal(8, await CountAsync(run, "fault_ended"));
        await run.LeavesNothingRunningAsync();
    }

    [SkippableFact]
    public async Task Run_ServerIsFull_PublishesAreRefusedAndSentAgainWhenThereIsRoom()
    {
        await using SimulationProcess run = RunWith("- {at: 1s, event: disk_full, targets: simulation, for: 2s}", "simulation.duration=1h");
        await run.EndsAfterFaultsAsync(1, exitCode: 0);

        Assert.Equal(1, await CountAsync(run, "fault_bit"));
        Assert.True(await CountAsync(run, "\"rejected\"") > 0);
    }

    [SkippableFact]
    public async Task Run_DiskIsFull_PublishesAreRefusedAndSentAgainWhenThereIsRoom()
    {
        await RequireDiskAsync();
        await using SimulationProcess run = RunWith("- {at: 1s, event: disk_full, full: disk, for: 2s}", "simulation.duration=1h");
        await run.EndsAfterFaultsAsync(1, exitCode: 0);

        Assert.Equal(1, await CountAsync(run, "and 0 are left"));
        Assert.True(await CountAsync(run, "\"rejected\"") + await CountAsync(run, "\"unknown\"") > 0);
        Assert.DoesNotContain(run.RunFolder, await File.ReadAllTextAsync("/proc/mounts"));
    }

    /// <summary>Without the right, whoever runs the test.</summary>
    [SkippableTheory]
    [InlineData("false", 69)]
    [InlineData("true", 0)]
    public async Task Run_DiskThatCannotBeMounted_Exits69WithWhatIsNeededOrIsSkipped(string skip, int exit)
    {
        Skip.IfNot(File.Exists("/usr/bin/setpriv"), "needs setpriv (util-linux) to give up the right to mount");
        await using SimulationProcess run = RunWith(
            "- {at: 1s, event: disk_full, full: disk, for: 1s}", program: "/usr/bin/setpriv", before: ["--bounding-set=-sys_admin", SimulationProcess.Executable],
            "chaos.skip_unavailable=" + skip);
        await run.ExitsAsync(exit);

        Assert.Contains("disk_full cannot be done here: with full: disk, a disk of limited size needs mkfs.ext4", run.Error);
    }

    /// <summary>Nobody has got them yet, so that what is gone from the store is gone for good: every message is named that was acknowledged and is nowhere.</summary>
    [SkippableTheory]
    [InlineData("store_truncate", "file: block, share: 0.6")]
    [InlineData("store_zero", "file: block, share: 0.2")]
    [InlineData("store_bitflip", "file: block, bits: 64")]
    public async Task Run_StoreIsDamaged_NamesExactlyWhatIsLost(string fault, string parameters)
    {
        await using SimulationProcess run = RunWith(
            $$"""
            - {at: 300ms, event: worker_crash, targets: all, for: 7s}
            - {at: 4s, event: {{fault}}, {{parameters}}, for: 300ms}
            """,
            "simulation.duration=1h");
        await run.EndsAfterFaultsAsync(2, exitCode: 1);

        (_, string history, _) = await ExecuteAsync("history", "export", run.RunFolder);
        Dictionary<string, HashSet<string>> seen = ByType(history);
        HashSet<string> lost = [.. seen["acknowledged"].Except(seen["delivered"]).Except(seen["stored"])];
        Assert.NotEmpty(lost);
        string[] named = [.. File.ReadLines(Path.Combine(run.RunFolder, "violations.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(violation => violation.GetProperty("class").GetString() == "lost").Select(Message)];
        Assert.Equal(lost.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
        Assert.Equal(2, await CountAsync(run, "fault_bit"));
    }

    /// <summary>One stands still, one is away, and the disk of one is full: nothing of it stays, stopped, running or mounted.</summary>
    [SkippableFact]
    public async Task Kill_CoordinatorWhileServersAreHit_NothingIsLeft()
    {
        await RequireDiskAsync();
        await using SimulationProcess run = RunWith(
            """
            - {at: 500ms, event: disk_full, full: disk, targets: simulation-2, for: 10m}
            - {at: 600ms, event: store_truncate, targets: simulation-3, file: meta, for: 10m}
            - {at: 700ms, event: server_pause, targets: simulation-1, for: 10m}
            """,
            "simulation.duration=1h", "nats.cluster.size=3");
        await run.SaysAsync("Injecting event: server_pause");
        while (!run.Servers().Any(OperatingSystemProcess.IsStopped))
        {
            await Task.Delay(20);
        }

        run.Signal(Signal.Kill);
        await run.ExitAsync();

        await run.LeavesNothingRunningAsync();
        Assert.DoesNotContain(run.RunFolder, await File.ReadAllTextAsync("/proc/mounts"));
    }

    /// <summary>Who should unmount is killed too; whoever starts next does it.</summary>
    [SkippableFact]
    public async Task Kill_CoordinatorAndWhoUnmountsForIt_TheNextStartDoes()
    {
        await RequireDiskAsync();
        string[] settings = ["--output runs"];
        await using SimulationProcess run = RunWith("- {at: 2s, event: disk_full, full: disk, for: 10m}", [.. settings, "simulation.duration=1h"]);
        await run.SaysAsync("running,");
        OperatingSystemProcess.Signal(Assert.Single(OperatingSystemProcess.WithCommandLine(
            command => command.Contains("disk-keeper") && command.Any(argument => argument.Contains(run.RunFolder, StringComparison.Ordinal)))), Signal.Kill);
        run.Signal(Signal.Kill);
        await run.ExitAsync();
        await run.LeavesNothingRunningAsync();
        Assert.Contains(run.RunFolder, await File.ReadAllTextAsync("/proc/mounts"));

        await using SimulationProcess next = Run([.. settings, "chaos.enabled=false", "chaos.scheduled=[]", "simulation.duration=1s"]);
        await next.ExitsAsync(0);

        Assert.Contains("was still mounted for a run that is gone", next.Error);
        Assert.DoesNotContain(run.RunFolder, await File.ReadAllTextAsync("/proc/mounts"));
    }

    private static async Task RequireDiskAsync()
    {
        string? whyNot = await QuotaDisk.WhyNotAsync();
        Skip.If(whyNot is not null, whyNot);
    }

    /// <summary>Messages by the type of their records.</summary>
    private static Dictionary<string, HashSet<string>> ByType(string history)
    {
        var seen = new Dictionary<string, HashSet<string>> { ["acknowledged"] = [], ["delivered"] = [], ["stored"] = [] };
        foreach (string line in history.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            JsonElement record = JsonDocument.Parse(line).RootElement;
            if (seen.TryGetValue(record.GetProperty("type").GetString()!, out HashSet<string>? messages))
            {
                messages.Add(Message(record));
            }
        }

        return seen;
    }

    private static string Message(JsonElement record) => $"{record.GetProperty("partition")}.{record.GetProperty("sequence")}";

    [SkippableFact]
    public async Task Run_PowerLossOfALoneServer_IsViolated()
    {
        await using SimulationProcess run = RunWith(
            """
            - {at: 500ms, event: worker_crash, targets: all, for: 6s}
            - {at: 3s, event: power_loss, targets: simulation, for: 300ms}
            """,
            "simulation.duration=1h");
        await run.EndsAfterFaultsAsync(2, exitCode: 1);

        Assert.Contains("lost", run.Output);
        Assert.Equal(2, await CountAsync(run, "fault_bit"));
    }

    [SkippableFact]
    public async Task Run_ClusterFaults_AllBiteAndItPasses()
    {
        await using SimulationProcess run = RunWith(
            """
            - {at: 500ms, event: leader_stepdown, of: stream}
            - {at: 2s, event: leader_stepdown, of: meta}
            - {at: 4s, event: network_partition, targets: simulation-2, for: 2s}
            - {at: 9s, event: power_loss, targets: simulation-3, for: 500ms}
            """,
            "simulation.duration=1h", "nats.cluster.size=3", "nats.jetstream.replicas=3", "coordinator.validation_window=1m");
        await run.EndsAfterFaultsAsync(4, exitCode: 0);

        Assert.Equal(4, await CountAsync(run, "fault_bit"));
    }

    /// <summary>As in a container whose profile forbids it: told before anything is started.</summary>
    [SkippableTheory]
    [InlineData("server_pause", nameof(Signal.Stop), "workers.isolation=actor")]
    [InlineData("worker_crash", nameof(Signal.Kill), "workers.isolation=process")]
    public async Task Run_SignalThatIsNotPermitted_Exits69WithWhatIsNeeded(string fault, string signal, string isolation)
    {
        await using SimulationProcess run = SignalFilter.Without(Enum.Parse<Signal>(signal), () => RunWith("- {at: 1s, event: " + fault + "}", isolation));
        await run.ExitsAsync(69);

        Assert.Contains($"{fault} cannot be done here: processes of ours cannot be sent SIGSTOP and SIGKILL (Operation not permitted)", run.Error);
        Assert.Contains("it takes the right to signal one's own children, which a seccomp or AppArmor profile may forbid", run.Error);
        Assert.DoesNotContain("nats-server", run.Error);
    }

    [SkippableFact]
    public async Task Run_SignalThatIsNotPermittedAndMayBeSkipped_GoesOnWithoutTheFault()
    {
        await using SimulationProcess run = SignalFilter.Without(Signal.Stop, () => RunWith(
            "- {at: 500ms, event: server_pause, for: 400ms}\n- {at: 1s, event: duplicate_publish}", "chaos.skip_unavailable=true", "simulation.duration=1h"));
        await run.EndsAfterFaultsAsync(1, exitCode: 0);

        Assert.Contains("server_pause cannot be done here: processes of ours cannot be sent SIGSTOP", run.Error);
        Assert.Contains("Faults: 1, of which 1 are proven", run.Output);
    }

    [SkippableTheory]
    [InlineData("leader_stepdown", "nats.cluster.size to 3", "nats.cluster.size=1")]
    [InlineData("power_loss", "sync_interval 0", "nats.jetstream.sync_interval=0s")]
    [InlineData("store_zero", "set nats.jetstream.storage to file", "nats.jetstream.storage=memory")]
    [InlineData("leader_stepdown", "nats.mode embedded", "nats.mode=external")]
    public async Task Run_FaultThatCannotBeDone_Exits69WithWhatIsNeeded(string fault, string need, string setting)
    {
        await using SimulationProcess run = RunWith("- {at: 1s, event: " + fault + "}", setting);
        await run.ExitsAsync(69);

        Assert.Contains($"{fault} cannot be done here", run.Error);
        Assert.Contains(need, run.Error);
    }

    /// <summary>The small run with a schedule of faults.</summary>
    private SimulationProcess RunWith(string schedule, params string[] settings) => RunWith(schedule, null, [], settings);

    private SimulationProcess RunWith(string schedule, string? program, string[] before, params string[] settings)
    {
        string chaos = "\nchaos:\n  enabled: true\n  warmup: 0s\n  quiet_before_end: 0s\n  max_concurrent: 4\n  scheduled:\n    " + schedule.ReplaceLineEndings("\n    ") + "\n";
        File.AppendAllText(Path.Combine(Folder, "run.yaml"), chaos);
        return Run(program, before, [.. settings, "producers.publish_timeout=1s"]);
    }

    /// <returns>How many lines of the exported history say this.</returns>
    private async Task<int> CountAsync(SimulationProcess run, string text)
    {
        (_, string history, _) = await ExecuteAsync("history", "export", run.RunFolder);
        return history.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));
    }
}
