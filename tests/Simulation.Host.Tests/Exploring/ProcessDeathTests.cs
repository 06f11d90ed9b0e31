using Simulation.Host.Exploring;
using Simulation.Host.Virtual;

namespace Simulation.Host.Tests.Exploring;

/// <summary>The process that conducts a run dies at any instant, in a checkpoint and in a recovery too, and what goes on forgets nothing.</summary>
public sealed class ProcessDeathTests
{
    [Fact]
    public Task Explore_ThirtySeeds_AllPass() => ExploreAsync(new SeedRange(1, 30));

    [SkippableFact]
    [Trait("Category", "Soak")]
    public Task Explore_TwoThousandSeeds_AllPass()
    {
        Skip.If(Environment.GetEnvironmentVariable("SIMULATION_SOAK") is null, "takes minutes; set SIMULATION_SOAK=1 to run it");
        return ExploreAsync(new SeedRange(1, 2_000));
    }

    private static async Task ExploreAsync(SeedRange seeds)
    {
        var explorer = new Explorer(new ExploreOptions
        {
            Config = ExploringConfig.Create(), Seeds = seeds, Parallel = Environment.ProcessorCount, ProcessDies = true,
        });
        int outages = 0;
        explorer.Ended += result => outages += result.Verdict?.Faults.Count(fault => fault.IsOutage) ?? 0;
        await explorer.RunAsync();

        Assert.Equal(seeds.Count, explorer.Totals.Seeds);
        Assert.Empty(explorer.Totals.Troubled.Select(result => $"seed {result.Seed}: {result.Outcome}, {result.Why}"));
        Assert.True(outages >= seeds.Count, $"{outages} outages in {seeds.Count} runs");
    }

    [Fact]
    public void Run_SameSeedAndDeaths_IsTheSameToTheBit()
    {
        SeedCase seedCase = Swarm.Draw(ExploringConfig.Create(), 7, []);
        SeedResult Run() => SeedRunner.Run(seedCase, deaths: ProcessDeath.Draw(7, seedCase.Config.Simulation.Duration));
        Assert.Equal(Run().TraceHash, Run().TraceHash);
    }
}
