using Simulation.Chaos;
using Simulation.History;
using Simulation.JetStream;
using Simulation.Nats.Embedded;
using Simulation.TestServers;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>
/// The coordinator is killed while faults are active, of every kind there is: nothing of them stays behind, stopped, running or mounted, and a
/// coordinator that resumes the run goes on as if they had been undone.
/// </summary>
public sealed class ProcessDeathUnderFaultTests : ProcessTest
{
    private const string Participants =
        """
        - {at: 1s, event: worker_crash, targets: [worker-0], for: 10m}
        - {at: 1s, event: producer_crash, targets: [producer-0], for: 10m}
        - {at: 1s, event: worker_pause, targets: [worker-1], for: 10m}
        - {at: 1s, event: slow_consumer, targets: [worker-2], for: 10m}
        - {at: 1s, event: consumer_ack_loss, targets: [worker-3], for: 10m}
        """;

    private const string Network =
        """
        - {at: 1s, event: nats_disconnect, targets: [worker-0], for: 10m}
        - {at: 1s, event: network_bandwidth, targets: [worker-1], for: 10m}
        - {at: 1s, event: half_open, targets: [worker-2], for: 10m}
        - {at: 1s, event: network_latency, targets: [producer-0], for: 10m, latency: 50ms}
        - {at: 1s, event: network_partition, targets: [producer-1], for: 10m}
        """;

    /// <summary>They last no time, so that what they changed is what is left of them.</summary>
    private const string Changes =
        """
        - {at: 1s, event: consumer_delete, targets: [partition-3]}
        - {at: 1s, event: duplicate_publish, targets: [producer-0]}
        - {at: 1s, event: partition_changes, change: add, by: 2}
        - {at: 2s, event: scale_up, by: 1}
        - {at: 5s, event: scale_down, by: 1}
        - {at: 8s, event: worker_restart, targets: [worker-2]}
        - {at: 11s, event: kv_lease_delete, targets: [worker-1]}
        - {at: 14s, event: clock_jump, targets: [worker-3], by: 5s, direction: forward}
        - {at: 17s, event: leader_failure, for: 10m}
        - {at: 20s, event: kv_bucket_delete}
        """;

    private const string Servers =
        """
        - {at: 1s, event: leader_stepdown, of: stream}
        - {at: 2s, event: disk_full, full: limit, targets: [simulation-3], for: 10m}
        - {at: 10s, event: server_kill, targets: [simulation-1], for: 10m}
        - {at: 11s, event: server_pause, targets: [simulation-2], for: 10m}
        """;

    private const string Power =
        """
        - {at: 1s, event: server_restart, targets: [simulation-1], for: 10m}
        - {at: 2s, event: power_loss, targets: [simulation-2], for: 10m}
        """;

    private const string Stores =
        """
        - {at: 2s, event: store_bitflip, targets: [simulation-1], file: block, for: 10m}
        - {at: 3s, event: store_truncate, targets: [simulation-2], file: meta, for: 10m}
        - {at: 4s, event: store_zero, targets: [simulation-3], file: block, for: 10m}
        """;

    private const string Window = "coordinator.validation_window=1m";

    private static readonly string[] Cluster = ["nats.cluster.size=3", "nats.jetstream.replicas=3"];

    private static readonly string[] Isolated = ["workers.count=4", "workers.isolation=process", "producers.isolation=process", "workers.group.lease_ttl=2s"];

    [Fact]
    public void Schedules_Together_HaveEveryKind()
    {
        string all = Participants + Network + Changes + Servers + Power + Stores;
        Assert.All(FaultCatalogue.Names, name => Assert.Matches($"event: {name}[,}}]", all));
    }

    /// <summary>What nothing proves at once, because it takes a message to do so, is active all the same.</summary>
    [SkippableFact]
    public Task Kill_WhileParticipantsAreStruck_NothingIsLeftAndTheNextGoesOn() => DieAndGoOnAsync(Participants, proven: 3, Isolated);

    [SkippableFact]
    [Trait("Category", "Soak")]
    public Task Kill_WhileTheNetworkIsDisturbed_NothingIsLeftAndTheNextGoesOn() => SoakAsync(Network, proven: 1, Isolated);

    [SkippableFact]
    [Trait("Category", "Soak")]
    public Task Kill_AfterChangesOfAllKinds_TheNextGoesOnWithWhatIsThere() => SoakAsync(Changes, proven: 10, Isolated);

    [SkippableFact]
    [Trait("Category", "Soak")]
    public Task Kill_WhileServersAreStruck_NothingIsLeftAndTheNextStartsThemAsTheyWere() => SoakAsync(Servers, proven: 4, Cluster);

    [SkippableFact]
    [Trait("Category", "Soak")]
    public Task Kill_WhileServersHaveLostPower_NothingIsLeftAndTheNextGoesOn() => SoakAsync(Power, proven: 2, Cluster);

    /// <summary>Every copy is damaged: what is lost is lost, and there is a verdict.</summary>
    [SkippableFact]
    [Trait("Category", "Soak")]
    public async Task Kill_WhileStoresAreDamaged_NothingIsLeftAndTheNextComesToAVerdict()
    {
        Soak.Require();
        (int exitCode, string output) = await DieAndResumeAsync(Stores, proven: 3, Cluster);
        Assert.True(exitCode is 0 or 1, output);
    }

    [SkippableFact]
    [Trait("Category", "Soak")]
    public async Task Kill_WhileADiskIsFull_ItIsUnmountedAndTheNextGoesOn()
    {
        string? whyNot = await QuotaDisk.WhyNotAsync();
        Skip.If(whyNot is not null, whyNot);
        await SoakAsync("- {at: 2s, event: disk_full, full: disk, for: 10m}", proven: 1, []);
    }

    /// <summary>What was deleted there is there again, and in the end everything that the run had is gone.</summary>
    [SkippableTheory]
    [Trait("Category", "Soak")]
    [InlineData(Network, 1)]
    [InlineData(Changes, 10)]
    public async Task Kill_OnSomebodyElsesServer_TheNextGoesOnAndLeavesNothingThere(string schedule, int proven)
    {
        Soak.Require();
        await using OtherServer server = await OtherServer.StartAsync(OtherServer.WithJetStream);
        await DieAndGoOnAsync(schedule, proven, [.. Isolated, "nats.mode=external", $"nats.url={server.Url}"]);
        Assert.Empty(await server.StreamsAsync());
    }

    private Task SoakAsync(string schedule, int proven, string[] settings)
    {
        Soak.Require();
        return DieAndGoOnAsync(schedule, proven, settings);
    }

    private async Task DieAndGoOnAsync(string schedule, int proven, string[] settings)
    {
        (int exitCode, string output) = await DieAndResumeAsync(schedule, proven, settings);
        Assert.True(exitCode == 0, output);
    }

    /// <param name="schedule">What is active, or has just been done, when the coordinator dies.</param>
    /// <param name="proven">As many of it have to have bitten before.</param>
    /// <param name="settings">Of the run.</param>
    /// <returns>How the run ended with which the next one went on.</returns>
    private async Task<(int ExitCode, string Output)> DieAndResumeAsync(string schedule, int proven, string[] settings)
    {
        int faults = schedule.Split("event: ").Length - 1;
        await File.AppendAllTextAsync(Path.Combine(Folder, "run.yaml"), $"""

            chaos:
              enabled: true
              warmup: 0s
              quiet_before_end: 0s
              max_concurrent: 8
              min_workers: 2
              max_workers: 6
              max_partitions: 12
              scheduled:
                {schedule.ReplaceLineEndings("\n    ")}

            """);
        await using SimulationProcess run = Run([.. settings, Window, "simulation.duration=1h"]);
        await run.SaysAsync("running,");
        DateTime running = DateTime.Now;
        await run.HasAsync(faults, RecordType.FaultStarted);
        await run.HasAsync(proven, RecordType.FaultBit);
        run.Signal(Signal.Kill);
        await run.ExitAsync();
        int sent = (int)(DateTime.Now - running).TotalSeconds;
        await run.LeavesNothingRunningAsync();
        while (run.Children().Count > 0)
        {
            await Task.Delay(20);
        }

        Assert.DoesNotContain(run.RunFolder, await File.ReadAllTextAsync("/proc/mounts"));

        await using SimulationProcess next = Run([.. settings, Window, $"simulation.duration={sent + 3}s", "--resume"]);
        int exitCode = await next.ExitAsync();

        await next.LeavesNothingRunningAsync();
        FaultOutcome[] outcomes = [.. Checker.Check(run.RunFolder).Faults.Where(fault => !fault.IsOutage)];
        Assert.Equal(faults, outcomes.Length);
        Assert.All(outcomes, fault => Assert.True(fault.Lasted is not null, $"{fault} never ended"));
        return (exitCode, next.Transcript());
    }
}
