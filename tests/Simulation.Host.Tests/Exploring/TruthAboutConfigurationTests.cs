using Simulation.History;
using Simulation.Host.Configuration;
using Simulation.Host.Exploring;

namespace Simulation.Host.Tests.Exploring;

/// <summary>
/// What a configuration costs on real servers, exploring shows; and with the setting put right, the same seeds pass. So it is the setting
/// that is to blame.
/// </summary>
public sealed class TruthAboutConfigurationTests
{
    private const ulong MostSeeds = 30;

    private const string EffectivelyOnce = "guarantees.effectively_once=true";

    [Fact]
    public void Explore_AckWaitShorterThanProcessing_ProcessesTwice() => Shows(
        "processed twice", "{name: network_partition, targets: worker-0, for: 4-8s}",
        wrong: ["workers.consumers.ack_wait=1s"],
        right: ["workers.consumers.ack_wait=1m"],
        EffectivelyOnce, "workers.group.lease_ttl=30s",
        "workers.processing_delay.min=2s", "workers.processing_delay.max=3s", "partitions.message_rate_per_partition=0.2");

    [Fact]
    public void Explore_DuplicateWindowShorterThanPublishesAreHeldUp_StoresTwice() => Shows(
        "stored twice", "{name: network_latency, targets: [producer-0, producer-1], latency: 0-1s, jitter: 4-9s}",
        wrong: ["nats.jetstream.duplicate_window=2s"],
        right: ["nats.jetstream.duplicate_window=2m"],
        EffectivelyOnce);

    [Fact]
    public void Explore_MaxDeliverOne_LeavesUnprocessed() => Shows(
        "unprocessed", "worker_crash",
        wrong: ["workers.consumers.max_deliver=1"],
        right: ["workers.consumers.max_deliver=-1"]);

    [Fact]
    public void Explore_DiscardOldWithLittleRoom_Loses() => Shows(
        "lost", "worker_crash",
        wrong: ["nats.jetstream.discard=old", "nats.jetstream.max_bytes=8KB"],
        right: ["nats.jetstream.discard=old", "nats.jetstream.max_bytes=8MB"],
        "message.size=512B");

    [Fact]
    public void Explore_OneReplicaInMemoryAndARestart_Loses() => Shows(
        "lost", "server_restart",
        wrong: ["nats.jetstream.storage=memory"],
        right: ["nats.jetstream.storage=file"],
        "workers.consumers.outstanding=1", "partitions.message_rate_per_partition=2");

    /// <summary>Handlers are behind, so that much of what is gone has been delivered to nobody.</summary>
    [Fact]
    public void Explore_TwoOfThreeReplicasLosePowerBeforeTheySync_LosesAndGivesSequencesAwayAgain() => Shows(
        "lost, sequence reused", "{name: power_loss, targets: [simulation-1, simulation-2], for: 10-15s}",
        wrong: ["nats.jetstream.sync_interval=2m"],
        right: ["nats.jetstream.sync_interval=0s"],
        "nats.cluster.size=3", "nats.jetstream.replicas=3", "workers.consumers.outstanding=1", "partitions.message_rate_per_partition=2",
        "workers.processing_delay.min=400ms", "workers.processing_delay.max=700ms", "coordinator.validation_window=3m");

    /// <summary>
    /// What real clusters do, in the same order: the first server is down, the others take messages; the third loses power and goes back to
    /// before; the second goes down; and the first and the third together go on without what only the second has.
    /// </summary>
    [Fact]
    public void Run_OneThatMissedAndOneThatWentBackAreTheMajority_LosesWhatTheThirdAloneStillHad()
    {
        SimulationConfig config = ExploringConfig.Create(sets:
        [
            "simulation.seed=1", "nats.cluster.size=3", "nats.jetstream.replicas=3", "nats.jetstream.sync_interval=2m",
            "partitions.message_rate_per_partition=4", "workers.consumers.outstanding=1", "workers.processing_delay.min=200ms",
            "workers.processing_delay.max=400ms", "coordinator.validation_window=2m", "chaos.enabled=true", "chaos.max_concurrent=3",
            "chaos.scheduled=[{at: 10s, event: server_kill, targets: simulation-1, for: 15s}, {at: 24s, event: power_loss, targets: simulation-3, for: 1s}, "
                + "{at: 24500ms, event: server_kill, targets: simulation-2, for: 15s}]",
        ]);

        Verdict verdict = SeedRunner.Run(new SeedCase(config, [])).Verdict!;

        Assert.Equal(VerdictOutcome.Violated, verdict.Outcome);
        Assert.Equal(3, verdict.FaultsBit);
        Assert.True(verdict.Count(VerdictClass.Lost) > 100, $"{verdict.Count(VerdictClass.Lost)} lost");
        Assert.All(
            verdict.Evidence.Where(evidence => evidence.Class == VerdictClass.Lost),
            lost => Assert.InRange(AcknowledgedAt(lost), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(25)));
    }

    /// <summary>Since the world began, which is when sending did, near enough.</summary>
    private static TimeSpan AcknowledgedAt(Evidence evidence) =>
        evidence.Records.First(record => record.Record.Type == RecordType.Acknowledged).Record.At.TimeOfDay;

    /// <param name="expected">Classes, all of them in one seed.</param>
    private static void Shows(string expected, string events, string[] wrong, string[] right, params string[] sets)
    {
        ulong seed = FirstWith(expected, ExploringConfig.Create(events, [.. sets, .. wrong]));

        SimulationConfig better = ExploringConfig.Create(events, [.. sets, .. right]);
        for (ulong each = 1; each <= seed; each++)
        {
            SeedResult result = SeedRunner.Run(Swarm.Draw(better, each, []));
            Assert.True(result.Outcome == SeedOutcome.Passed, $"seed {each}: {result.Why}");
        }
    }

    private static ulong FirstWith(string expected, SimulationConfig config)
    {
        for (ulong seed = 1; seed <= MostSeeds; seed++)
        {
            if (SeedRunner.Run(Swarm.Draw(config, seed, [])).Classes.IsSupersetOf(expected.Split(", ")))
            {
                return seed;
            }
        }

        throw new InvalidOperationException($"nothing was {expected} in {MostSeeds} seeds");
    }
}
