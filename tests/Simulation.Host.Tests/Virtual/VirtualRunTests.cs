using System.Text.RegularExpressions;
using Simulation.Host.CommandLine;
using Simulation.Host.Run;
using Simulation.Host.Tests.CommandLine;

namespace Simulation.Host.Tests.Virtual;

/// <summary><c>run --world virtual</c>: the whole program but its process.</summary>
public sealed partial class VirtualRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Run_VirtualWorld_PassesAndLeavesTheFolderOfARun()
    {
        CommandRunner runner = await RunAsync("--seed", "5");
        Assert.Contains("Simulation complete: 600 messages sent, 600 received, 0 gaps, 0 duplicates", runner.Output);
        Assert.Contains("[00:01:0", runner.Error);

        string run = Assert.Single(Directory.GetDirectories(_folder.Path));
        Assert.EndsWith("00000005", run);
        foreach (string file in new[] { "config.yaml", "report.json", "run.log" })
        {
            Assert.True(File.Exists(Path.Combine(run, file)), file);
        }

        var again = new CommandRunner();
        Assert.Equal(ExitCode.Passed, await again.ExecuteAsync("check", run));
        Assert.StartsWith(again.Output, runner.Output);
    }

    [Fact]
    public async Task Run_SameSeedTwice_IsTheSameBitForBit()
    {
        string first = TraceOf(await RunAsync("--seed", "5"));
        string second = TraceOf(await RunAsync("--seed", "5"));
        Assert.Equal(first, second);
        Assert.NotEqual(first, TraceOf(await RunAsync("--seed", "6")));
        Assert.Equal(3, Directory.GetDirectories(_folder.Path).Length);
    }

    [Theory]
    [InlineData("nats.mode=external", "--world: simulation.world: the virtual world has modelled servers of its own")]
    [InlineData("nats.version=2.11", "no server 2.11 is modelled; give one of 2.15.1, 2.10.27, 2.9.10, or use simulation run --world real")]
    public async Task Run_WhatTheVirtualWorldCannotBe_Exits78(string set, string message)
    {
        var runner = new CommandRunner();
        Assert.Equal(ExitCode.Configuration, await runner.ExecuteAsync("run", "--world", "virtual", "--set", set));
        Assert.Contains(message, runner.Error);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<CommandRunner> RunAsync(params string[] more)
    {
        var composition = new RunComposition();
        var runner = new CommandRunner { Run = composition.RunAsync };
        ExitCode code = await runner.ExecuteAsync([
            "run", "--world", "virtual", "--config", Repository.PathOf("configs", "dev.yaml"), "--duration", "1m",
            "--output", _folder.Path, "--set", "metrics.prometheus.enabled=false", .. more]);
        Assert.True(code == ExitCode.Passed, $"{code}\n{runner.Output}\n{runner.Error}");
        return runner;
    }

    private static string TraceOf(CommandRunner runner) => Trace().Match(runner.Error) is { Success: true } match ? match.Value : throw new InvalidOperationException(runner.Error);

    [GeneratedRegex("trace [0-9a-f]{16}")]
    private static partial Regex Trace();
}
