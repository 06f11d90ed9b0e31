using Simulation.Host.Configuration;
using Simulation.Host.Exploring;

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
        Skip.If(Environment.GetEnvironmentVariable("SIMULATION_SOAK") is null, "takes minutes; set SIMULATION_SOAK=1 to run it");
        return ExploreAsync(ExploringConfig.Create(), new SeedRange(1, 2_000));
    }

    private static async Task ExploreAsync(SimulationConfig config, SeedRange seeds)
    {
        var explorer = new Explorer(new ExploreOptions { Config = config, Seeds = seeds, Parallel = Environment.ProcessorCount });
        await explorer.RunAsync();

        Assert.Equal(seeds.Count, explorer.Totals.Seeds);
        Assert.Empty(explorer.Totals.Troubled.Select(result => $"seed {result.Seed}: {result.Outcome}, {result.Why}"));
    }
}
