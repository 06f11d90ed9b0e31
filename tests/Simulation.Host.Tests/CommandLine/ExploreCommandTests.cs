using Simulation.Host.CommandLine;

namespace Simulation.Host.Tests.CommandLine;

/// <summary>What explore, replay and shrink take of a configuration that was written for a run.</summary>
public sealed class ExploreCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Each seed draws when what breaks, so what was configured about that need not fit.</summary>
    [Theory]
    [InlineData("chaos.events=[worker_restart]", "chaos.interval=2h")]
    [InlineData("chaos.events=[worker_restart]", "chaos.warmup=1h")]
    [InlineData("chaos.events=[worker_restart]", "chaos.max_concurrent=1000")]
    [InlineData("chaos.interval=2h")]
    public async Task Explore_TimetableThatDoesNotFit_IsNotLookedAt(params string[] sets)
    {
        var runner = new CommandRunner();

        ExitCode code = await runner.ExecuteAsync(["explore", .. Small(sets), "--seeds", "1..2", "--output", _folder.Path]);

        Assert.True(code == ExitCode.Passed, runner.Error);
        Assert.Contains("2 passed", runner.Output);
        Assert.Equal(ExitCode.Passed, await new CommandRunner().ExecuteAsync(["replay", .. Small(sets), "--seed", "1"]));
    }

    [Fact]
    public async Task Replay_FaultsOfAFileThatCannotBe_Exits78()
    {
        var runner = new CommandRunner();

        Assert.Equal(ExitCode.Configuration, await runner.ExecuteAsync(["replay", .. Small("simulation.seed=1", "chaos.events=[worker_restart]", "chaos.interval=2h", "chaos.warmup=0s", "chaos.quiet_before_end=0s")]));

        Assert.Contains("2h never comes round", runner.Error);
    }

    [Theory]
    [InlineData("nats.mode=external", "give --set nats.mode=embedded, or use it with simulation run --world real")]
    [InlineData("workers.isolation=process", "give --set workers.isolation=actor and --set producers.isolation=actor, or use simulation run --world real")]
    public async Task Explore_WhatOnlyTheRealWorldHas_SaysWhatToGive(string set, string remedy)
    {
        var runner = new CommandRunner();

        Assert.Equal(ExitCode.Configuration, await runner.ExecuteAsync("explore", "--set", set));

        Assert.Contains(remedy, runner.Error);
    }

    public void Dispose() => _folder.Dispose();

    private static string[] Small(params string[] sets) =>
    [
        .. sets.Concat(["simulation.duration=10s", "partitions.count=4", "producers.count=1", "workers.count=2", "chaos.enabled=true"])
            .SelectMany(set => new[] { "--set", set }),
    ];
}
