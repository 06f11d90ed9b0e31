namespace Simulation.EndToEnd.Tests.Process;

/// <summary>Workers and producers in processes of their own, which can be killed between any two instructions.</summary>
public sealed class ProcessIsolationTests : ProcessTest
{
    private static readonly string[] Isolated =
        ["workers.isolation=process", "producers.isolation=process", "workers.group.lease_ttl=2s", "simulation.duration=6s"];

    [SkippableFact]
    public async Task Run_ParticipantsInProcesses_PassesAndLeavesNothingRunning()
    {
        await using SimulationProcess run = Run([.. Isolated, "workers.per_process=2", "simulation.duration=3s", "metrics.linger=10m"]);
        await run.SaysAsync("running,");
        Assert.Single(run.Children("worker"));
        Assert.Equal(2, run.Children("producer").Count);
        await run.MetricsAsync();

        await run.SaysAsync("Metrics stay at ");
        string metrics = await run.MetricsAsync();
        run.Signal(Signal.Interrupt);
        await run.ExitsAsync(0);

        Assert.Contains("Verdict: passed", run.Output);
        AssertCountsAll(metrics, run.Output);
        Assert.Empty(run.Children());
        await run.LeavesNothingRunningAsync();
    }

    /// <summary>Not asked for by anybody: they are started again, and what they had written down is all there.</summary>
    [SkippableFact]
    public async Task Kill_OneProcessOfEachKind_IsReplacedAndPasses()
    {
        await using SimulationProcess run = Run(Isolated);
        await run.SaysAsync("running,");
        int worker = run.Children("worker")[0];
        int producer = run.Children("producer")[0];
        OperatingSystemProcess.Signal(worker, Signal.Kill);
        OperatingSystemProcess.Signal(producer, Signal.Kill);

        await run.SaysAsync($"process {worker} was ended by signal 9");
        await run.SaysAsync($"process {producer} was ended by signal 9");
        await run.ExitsAsync(0);

        Assert.Contains("Verdict: passed", run.Output);
        Assert.Contains(" 0 unknown,", run.Output);
    }

    /// <summary>Also one that stands still, and could not notice anything.</summary>
    [SkippableFact]
    public async Task Kill_Coordinator_ItsProcessesDieWithIt()
    {
        await using SimulationProcess run = Run([.. Isolated, "simulation.duration=1h"]);
        await run.SaysAsync("running,");
        Assert.Equal(4, run.Children().Count);
        OperatingSystemProcess.Signal(run.Children("worker")[0], Signal.Stop);

        run.Signal(Signal.Kill);
        await run.ExitAsync();

        while (run.Children().Count > 0)
        {
            await Task.Delay(20);
        }

        await run.LeavesNothingRunningAsync();
    }

    /// <summary>A server and a worker stand still, another worker is away, and a proxy holds bytes back: what nobody can undo any more goes too.</summary>
    [SkippableFact]
    public async Task Kill_CoordinatorWhileFaultsAreActive_NothingIsLeft()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "active.yaml"), """
            simulation: {duration: 1h, seed: 3}
            partitions: {count: 8, message_rate_per_partition: 10}
            producers: {count: 2, isolation: process}
            workers: {count: 3, isolation: process}
            metrics: {prometheus: {enabled: false}}
            chaos:
              enabled: true
              max_concurrent: 5
              warmup: 1s
              quiet_before_end: 1s
              scheduled:
                - {at: 1s, event: worker_crash, targets: [worker-0], for: 10m}
                - {at: 1100ms, event: network_partition, targets: [producer-0], for: 10m}
                - {at: 1200ms, event: worker_pause, targets: [worker-1], for: 10m}
                - {at: 1300ms, event: server_pause, for: 10m}
            """);
        await using SimulationProcess run = Start("--config", "active.yaml");
        await run.SaysAsync("Injecting event: server_pause");
        while (!run.Servers().All(OperatingSystemProcess.IsStopped) || !run.Children("worker").Any(OperatingSystemProcess.IsStopped))
        {
            await Task.Delay(20);
        }

        run.Signal(Signal.Kill);
        await run.ExitAsync();

        await run.LeavesNothingRunningAsync();
        while (run.Children().Count > 0)
        {
            await Task.Delay(20);
        }
    }

    [SkippableFact]
    public async Task Signal_Twice_LeavesNothingRunning()
    {
        await using SimulationProcess run = Run([.. Isolated, "simulation.duration=1h", "workers.processing_delay.min=1m", "workers.processing_delay.max=1m"]);
        await run.SendsAsync();
        run.Signal(Signal.Terminate);
        await run.SaysAsync("Draining");
        run.Signal(Signal.Interrupt);
        await run.ExitsAsync(75);
        Assert.Empty(run.Children());
        await run.LeavesNothingRunningAsync();
    }

    /// <summary>A fault that did not bite would make it inconclusive: SIGKILL, SIGSTOP and a proxy reach participants of other processes.</summary>
    [SkippableFact]
    public async Task Chaos_OnParticipantsInProcesses_BitesAndPasses()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "chaos.yaml"), """
            simulation: {duration: 1h, seed: 3}
            partitions: {count: 8, message_rate_per_partition: 10}
            producers: {count: 2, isolation: process}
            workers: {count: 4, isolation: process, processing_delay: {min: 1ms, max: 5ms}, group: {lease_ttl: 3s}, consumers: {ack_wait: 3s}}
            metrics: {prometheus: {enabled: false}}
            chaos:
              enabled: true
              max_concurrent: 5
              warmup: 1s
              quiet_before_end: 1s
              scheduled:
                - {at: 2s, event: worker_crash, targets: [worker-1]}
                - {at: 3s, event: worker_pause, targets: [worker-2], for: 5s}
                - {at: 4s, event: nats_disconnect, targets: [worker-0], for: 1s}
                - {at: 5s, event: partition_changes, change: add, by: 3}
                - {at: 6s, event: producer_crash, targets: [producer-1], for: 500ms}
                - {at: 9s, event: partition_changes, change: retire, by: 5}
            """);
        await using SimulationProcess run = Start("--config", "chaos.yaml");

        await run.EndsAfterFaultsAsync(6, exitCode: 0);

        Assert.Contains("Verdict: passed", run.Output);
        Assert.Empty(run.Children());
    }

    /// <summary>What was handled in other processes is in this one's metrics: every message has its time, and both workers had some.</summary>
    private static void AssertCountsAll(string metrics, string output)
    {
        string received = output.Split(" received")[0].Split(' ')[^1];
        Assert.Matches($$"""(?m)^simulation_end_to_end_latency_seconds_count\{[^}]*\} {{received}}$""", metrics);
        Assert.Matches("""(?m)^simulation_message_processing_duration_seconds_count\{[^}]*\} [1-9]""", metrics);
        Assert.Matches("""(?m)^simulation_worker_messages_processed_total\{[^}]*worker="worker-0"\} [1-9]""", metrics);
        Assert.Matches("""(?m)^simulation_worker_messages_processed_total\{[^}]*worker="worker-1"\} [1-9]""", metrics);
    }
}
