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

    [Fact]
    public void Explore_TwoOfThreeReplicasLosePowerBeforeTheySync_GivesSequencesAwayAgain() => Shows(
        "sequence reused", "{name: power_loss, targets: [simulation-1, simulation-2]}, leader_stepdown",
        wrong: ["nats.jetstream.sync_interval=2m"],
        right: ["nats.jetstream.sync_interval=0s"],
        "nats.cluster.size=3", "nats.jetstream.replicas=3");

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
            if (SeedRunner.Run(Swarm.Draw(config, seed, [])).Classes.Contains(expected))
            {
                return seed;
            }
        }

        throw new InvalidOperationException($"nothing was {expected} in {MostSeeds} seeds");
    }
}
