using Simulation.Host.CommandLine;

namespace Simulation.Host.Tests.CommandLine;

public sealed class ApplicationTests
{
    [Theory]
    [InlineData("frobnicate")]
    [InlineData("run --frobnicate")]
    [InlineData("run --config")]
    [InlineData("run --seed -1")]
    [InlineData("run --duration soon")]
    [InlineData("check")]
    [InlineData("check /nowhere")]
    [InlineData("history export --format xml runs/x")]
    [InlineData("history")]
    [InlineData("completion tcsh")]
    [InlineData("explore --seeds 9..1")]
    [InlineData("explore --seeds ..")]
    [InlineData("explore --parallel 0")]
    [InlineData("explore --until soon")]
    [InlineData("replay --until soon --seed 1")]
    [InlineData("replay")]
    [InlineData("shrink")]
    [InlineData("")]
    public async Task RunAsync_CommandLineThatCannotBe_Exits64WithAMessage(string line)
    {
        var runner = new CommandRunner();

        ExitCode code = await runner.ExecuteAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(ExitCode.Usage, code);
        Assert.NotEmpty(runner.Error);
        Assert.Empty(runner.Output);
        Assert.DoesNotContain("System.", runner.Error);
    }

    [Theory]
    [InlineData("thresholds")]
    [InlineData("chaos list")]
    [InlineData("version")]
    [InlineData("--help")]
    public async Task RunAsync_DataThatCannotBeWritten_Exits69WithTheReason(string line)
    {
        using var full = new FullWriter();
        var runner = new CommandRunner { OutputTo = full };

        ExitCode code = await runner.ExecuteAsync(line.Split(' '));

        Assert.Equal(ExitCode.Unavailable, code);
        Assert.Equal("simulation: standard output cannot be written to: No space left on device\n", runner.Error);
    }

    [Fact]
    public async Task RunAsync_NobodyCanBeTold_ExitsAsItWould()
    {
        using var full = new FullWriter();
        Assert.Equal(ExitCode.Usage, await new CommandRunner { ErrorTo = full }.ExecuteAsync("frobnicate"));
        Assert.Equal(ExitCode.Unavailable, await new CommandRunner { ErrorTo = full, OutputTo = full }.ExecuteAsync("version"));
    }

    [Theory]
    [InlineData("--frobnicate", "Try 'simulation --help'.")]
    [InlineData("run --seed -1", "Try 'simulation run --help'.")]
    [InlineData("runs clean --keep -1", "Try 'simulation runs clean --help'.")]
    public async Task RunAsync_CommandLineThatCannotBe_NamesTheHelpOfItsCommand(string line, string hint)
    {
        var runner = new CommandRunner();

        Assert.Equal(ExitCode.Usage, await runner.ExecuteAsync(line.Split(' ')));

        Assert.EndsWith(hint, runner.Error.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_FolderWithout_SaysSo()
    {
        var runner = new CommandRunner();

        Assert.Equal(ExitCode.Passed, await runner.ExecuteAsync("runs", "--output", "/nowhere"));

        Assert.Equal("no run is in /nowhere; --output DIR says where else to look", runner.Error.Trim());
    }

    [Theory]
    [InlineData("validate --config /nowhere.yaml", "/nowhere.yaml: no such file")]
    [InlineData("run --set workers.cuont=1", "did you mean 'workers.count'?")]
    [InlineData("run --set simulation.mode=worker", "--set simulation.mode: simulation.mode: not built yet; run all in one: --set simulation.mode=all-in-one")]
    [InlineData("run --set chaos.enabled=true --set chaos.events=[scale_upp]", "unknown event 'scale_upp'; did you mean 'scale_up'?")]
    public async Task RunAsync_ConfigurationThatCannotBe_Exits78(string line, string message)
    {
        var runner = new CommandRunner();
        Assert.Equal(ExitCode.Configuration, await runner.ExecuteAsync(line.Split(' ')));
        Assert.Contains(message, runner.Error);
    }

    [Theory]
    [InlineData("dev.yaml")]
    [InlineData("realistic.yaml")]
    [InlineData("stress.yaml")]
    [InlineData("extreme.yaml")]
    public async Task Validate_ShippedFile_Exits0(string name)
    {
        var runner = new CommandRunner();
        Assert.Equal(ExitCode.Passed, await runner.ExecuteAsync("validate", "--config", Repository.PathOf("configs", name)));
        Assert.Matches(@"count: +\S+ +# .*configs/\S+:\d+:\d+", runner.Output);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("run --help")]
    [InlineData("explore --help")]
    [InlineData("replay --help")]
    [InlineData("shrink --help")]
    [InlineData("validate --help")]
    [InlineData("assign --help")]
    [InlineData("check --help")]
    [InlineData("history --help")]
    [InlineData("history export --help")]
    [InlineData("version --help")]
    [InlineData("completion --help")]
    public async Task Help_EveryCommand_HasExamples(string line)
    {
        var runner = new CommandRunner();
        Assert.Equal(ExitCode.Passed, await runner.ExecuteAsync(line.Split(' ')));
        Assert.Contains("Examples:", runner.Output);
    }

    [Fact]
    public async Task Assign_WeightedConfiguration_ShowsEveryStrategy()
    {
        var runner = new CommandRunner();
        Assert.Equal(ExitCode.Passed, await runner.ExecuteAsync("assign", "--config", Repository.PathOf("configs", "realistic.yaml"), "--seed", "7"));
        Assert.Contains("1500 partitions in 100 groups of 15, 100 workers, seed 7", runner.Output);
        Assert.Contains("* WeightedConsistentHash", runner.Output);
        Assert.Contains("worker-99", runner.Output);
    }

    [Fact]
    public async Task Version_Asked_NamesAllThree()
    {
        var runner = new CommandRunner();
        Assert.Equal(ExitCode.Passed, await runner.ExecuteAsync("version"));
        Assert.Matches(@"simulation \d+\.\d+\.\d+[^\n]*\n\.NET 10\.[^\n]*\nnats-server ", runner.Output);
    }
}
