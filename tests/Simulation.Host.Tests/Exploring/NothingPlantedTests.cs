using Simulation.Host.Exploring;

namespace Simulation.Host.Tests.Exploring;

/// <summary>Where no mistake is planted, none is found: whatever fails here is a bug of ours.</summary>
public sealed class NothingPlantedTests
{
    [Fact]
    public Task Explore_HundredSeeds_AllPass() => ExploreAsync(new SeedRange(1, 100));

    [SkippableFact]
    [Trait("Category", "Soak")]
    public Task Explore_TwoThousandSeeds_AllPass()
    {
        Skip.If(Environment.GetEnvironmentVariable("SIMULATION_SOAK") is null, "takes minutes; set SIMULATION_SOAK=1 to run it");
        return ExploreAsync(new SeedRange(1, 2_000));
    }

    private static async Task ExploreAsync(SeedRange seeds)
    {
        var explorer = new Explorer(new ExploreOptions { Config = ExploringConfig.Create(), Seeds = seeds, Parallel = Environment.ProcessorCount });
        await explorer.RunAsync();

        Assert.Equal(seeds.Count, explorer.Totals.Seeds);
        Assert.Empty(explorer.Totals.Troubled.Select(result => $"seed {result.Seed}: {result.Outcome}, {result.Why}"));
    }
}
