using Simulation.Host.Configuration;
using Simulation.Host.Exploring;
using Simulation.TestServers;

namespace Simulation.Host.Tests.Exploring;

/// <summary>Where no mistake is planted, none is found: whatever fails here is a bug of ours.</summary>
public sealed class NothingPlantedTests
{
    [Fact]
    public Task Explore_HundredSeeds_AllPass() => ExploreAsync(ExploringConfig.Create(), new SeedRange(1, 100));

    /// <summary>Handlers are so slow that messages wait unread at their workers while units move.</summary>
    [Fact]
    public Task Explore_UnreadMessagesOfUnitsThatMove_AllPass() => ExploreAsync(
        ExploringConfig.Create(
            "scale_up, scale_down",
            "workers.consumers.outstanding=4", "workers.processing_delay.min=500ms", "workers.processing_delay.max=1500ms",
            "workers.assignment_strategy=RoundRobin", "guarantees.effectively_once=true", "coordinator.validation_window=3m"),
        new SeedRange(1, 40));

    [SkippableFact]
    [Trait("Category", "Soak")]
    public Task Explore_TwoThousandSeeds_AllPass()
    {
        Soak.Require();
        return ExploreAsync(ExploringConfig.Create(), new SeedRange(1, 2_000));
    }

    /// <summary>dev.yaml at 100 messages a second, with every fault of participants and their network.</summary>
    [SkippableFact]
    [Trait("Category", "Soak")]
    public Task Explore_ThousandSeedsOfEveryFaultOfParticipantsAndNetwork_AllPass()
    {
        Soak.Require("most of an hour");
        return ExploreAsync(
            ExploringConfig.Create(
                "{name: worker_crash, for: 1-10s}, {name: worker_crash, for: 1-10s, replaced: true}, {name: producer_crash, for: 0-5s}, worker_restart, "
                + "scale_up, scale_down, {name: leader_failure, for: 1-10s}, {name: worker_pause, for: 2-20s}, {name: slow_consumer, for: 10-30s}, "
                + "partition_changes, {name: nats_disconnect, for: 1-15s}, {name: network_latency, for: 10-30s}, {name: network_partition, for: 2-20s}, "
                + "{name: half_open, for: 2-20s}, {name: consumer_ack_loss, for: 5-20s}, kv_lease_delete, duplicate_publish",
                "simulation.duration=3m", "partitions.count=100", "producers.count=10", "workers.count=10", "chaos.min_workers=4", "chaos.max_workers=16",
                "workers.processing_delay.min=10ms", "workers.processing_delay.max=50ms"),
            new SeedRange(1, 1_000));
    }

    private static async Task ExploreAsync(SimulationConfig config, SeedRange seeds)
    {
        var explorer = new Explorer(new ExploreOptions { Config = config, Seeds = seeds, Parallel = Environment.ProcessorCount });
        await explorer.RunAsync();

        Assert.Equal(seeds.Count, explorer.Totals.Seeds);
        Assert.Empty(explorer.Totals.Troubled.Select(result => $"seed {result.Seed}: {result.Outcome}, {result.Why}"));
    }
}
