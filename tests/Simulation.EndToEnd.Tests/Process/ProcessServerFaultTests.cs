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
            "simulation.duration=14s");
        await run.ExitsAsync(0);

        Assert.Equal(8, await CountAsync(run, "fault_bit"));
        Assert.Equal(8, await CountAsync(run, "fault_ended"));
        await run.LeavesNothingRunningAsync();
    }

    [SkippableFact]
    public async Task Run_ServerIsFull_PublishesAreRefusedAndSentAgainWhenThereIsRoom()
    {
        await using SimulationProcess run = RunWith("- {at: 1s, event: disk_full, targets: simulation, for: 2s}", "simulation.duration=6s");
        await run.ExitsAsync(0);

        Assert.Equal(1, await CountAsync(run, "fault_bit"));
        Assert.True(await CountAsync(run, "\"rejected\"") > 0);
    }

    [SkippableFact]
    public async Task Run_PowerLossOfALoneServer_IsViolated()
    {
        await using SimulationProcess run = RunWith(
            """
            - {at: 500ms, event: worker_crash, targets: all, for: 6s}
            - {at: 3s, event: power_loss, targets: simulation, for: 300ms}
            """,
            "simulation.duration=6s");
        await run.ExitsAsync(1);

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
            "simulation.duration=14s", "nats.cluster.size=3", "nats.jetstream.replicas=3", "coordinator.validation_window=1m");
        await run.ExitsAsync(0);

        Assert.Equal(4, await CountAsync(run, "fault_bit"));
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
    private SimulationProcess RunWith(string schedule, params string[] settings)
    {
        string chaos = "\nchaos:\n  enabled: true\n  warmup: 0s\n  quiet_before_end: 0s\n  max_concurrent: 4\n  scheduled:\n    " + schedule.ReplaceLineEndings("\n    ") + "\n";
        File.AppendAllText(Path.Combine(Folder, "run.yaml"), chaos);
        return Run([.. settings, "producers.publish_timeout=1s"]);
    }

    /// <returns>How many lines of the exported history say this.</returns>
    private async Task<int> CountAsync(SimulationProcess run, string text)
    {
        (_, string history, _) = await ExecuteAsync("history", "export", run.RunFolder);
        return history.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));
    }
}
