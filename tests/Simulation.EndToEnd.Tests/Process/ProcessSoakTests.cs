using Simulation.TestServers;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>Half an hour of everything that can happen to participants and their network, in processes of their own: <c>SIMULATION_SOAK=1 dotnet test --filter Category=Soak</c>.</summary>
public sealed class ProcessSoakTests : ProcessTest
{
    private const string Everything =
        """
        simulation: {duration: 30m, seed: 1}
        partitions: {count: 100, message_rate_per_partition: 1}
        producers: {count: 10, isolation: process, per_process: 2}
        workers: {count: 10, isolation: process, per_process: 2, processing_delay: {min: 10ms, max: 50ms}}
        metrics: {prometheus: {port: 0}, linger: 0s}
        chaos:
          enabled: true
          interval: 5-15s
          max_concurrent: 4
          warmup: 20s
          min_workers: 4
          max_workers: 16
          events:
            - {name: worker_crash, for: 1-10s}
            - {name: worker_crash, for: 1-10s, replaced: true, weight: 0.5}
            - {name: producer_crash, for: 0-5s}
            - worker_restart
            - scale_up
            - scale_down
            - {name: leader_failure, for: 1-10s}
            - {name: worker_pause, for: 2-20s}
            - {name: slow_consumer, for: 10-30s}
            - partition_changes
            - {name: nats_disconnect, for: 1-15s}
            - {name: network_latency, for: 10-30s}
            - {name: network_bandwidth, for: 10-30s}
            - {name: network_partition, for: 2-20s}
            - {name: half_open, for: 2-20s}
            - {name: consumer_ack_loss, for: 5-20s}
            - kv_lease_delete
            - duplicate_publish
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    [SkippableFact]
    [Trait("Category", "Soak")]
    public async Task HalfAnHour_EveryFaultOfParticipantsAndNetwork_PassesAndNothingGrows()
    {
        Soak.Require();
        await File.WriteAllTextAsync(Path.Combine(Folder, "soak.yaml"), Everything);
        await using SimulationProcess run = SimulationProcess.Start(Folder, ["--config", "soak.yaml"], Growth.Environment, patience: TimeSpan.FromMinutes(45));
        await run.SaysAsync("running,");
        Task<int> ending = run.ExitAsync();
        var growth = new Growth();
        while (await Task.WhenAny(ending, Task.Delay(Interval)) != ending)
        {
            growth.Look(run);
        }

        await run.ExitsAsync(0);
        await run.LeavesNothingRunningAsync();
        Assert.Empty(run.Children());
        growth.AssertNone(Path.Combine(run.RunFolder, "process.csv"));
    }
}
