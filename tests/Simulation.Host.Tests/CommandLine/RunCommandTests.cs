using System.Collections.Immutable;
using System.Text.Json;
using Simulation.History;
using Simulation.Host.CommandLine;
using Simulation.Host.Configuration;
using Simulation.Host.Run;
using Simulation.Host.View;

namespace Simulation.Host.Tests.CommandLine;

public sealed class RunCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(VerdictOutcome.Passed, ExitCode.Passed)]
    [InlineData(VerdictOutcome.Violated, ExitCode.Violated)]
    [InlineData(VerdictOutcome.Inconclusive, ExitCode.Inconclusive)]
    public async Task Run_Verdict_DecidesTheExitCode(VerdictOutcome outcome, ExitCode expected)
    {
        CommandRunner runner = Runner(_ => new RunConclusion { Verdict = VerdictOf(outcome) });
        Assert.Equal(expected, await ExecuteAsync(runner));
        Assert.StartsWith("Simulation complete: 3600 messages sent, 3600 received, 0 gaps, 0 duplicates\n", runner.Output);
        Assert.Contains($"Verdict: {outcome.ToString().ToLowerInvariant()}\n", runner.Output);
    }

    /// <summary>Both of a file on a disk that is full, say: what was found out is told by the files and the exit code, and the report is written.</summary>
    [Theory]
    [InlineData(VerdictOutcome.Passed, ExitCode.Passed)]
    [InlineData(VerdictOutcome.Violated, ExitCode.Violated)]
    public async Task Run_NothingCanBePrinted_DecidesTheExitCodeAndTheReportAllTheSame(VerdictOutcome outcome, ExitCode expected)
    {
        string report = "";
        using var full = new FullWriter();
        var runner = new CommandRunner
        {
            OutputTo = full,
            Run = request =>
            {
                report = request.Folder.ReportFile;
                return Task.FromResult(new RunConclusion { Verdict = VerdictOf(outcome) });
            },
        };

        Assert.Equal(expected, await ExecuteAsync(runner));
        Assert.Single(runner.Error.Split('\n'), "simulation: standard output cannot be written to: No space left on device");
        Assert.True(File.Exists(report));
        Assert.Equal(expected, await ExecuteAsync(new CommandRunner { OutputTo = full, ErrorTo = full, Run = runner.Run }));
    }

    [Fact]
    public async Task Run_StoppedAtOnce_Exits75()
    {
        CommandRunner runner = Runner(_ => new RunConclusion { Verdict = null });
        Assert.Equal(ExitCode.Interrupted, await ExecuteAsync(runner));
        Assert.Contains("without a verdict", runner.Output);
    }

    [Fact]
    public async Task Run_Passed_LeavesAReportAndAConfigurationThatRunsAgain()
    {
        RunRequest? first = null, second = null;
        CommandRunner runner = Runner(request =>
        {
            first = request;
            request.Show(new RunSnapshot { Phase = "running", Elapsed = TimeSpan.Zero, Duration = request.Config.Simulation.Duration });
            return new RunConclusion { Verdict = VerdictOf(VerdictOutcome.Passed), Servers = ["2.10.27"] };
        });
        await ExecuteAsync(runner, "--set", "nats.url=nats://me:swordfish@one", "--set", "workers.count=3", "--duration", "90s");

        using JsonDocument report = JsonDocument.Parse(await File.ReadAllTextAsync(first!.Folder.ReportFile));
        JsonElement root = report.RootElement;
        Assert.Equal(1, root.GetProperty("schema_version").GetInt32());
        Assert.Equal("passed", root.GetProperty("verdict").GetProperty("outcome").GetString());
        Assert.Equal(first.Seed, root.GetProperty("seed").GetUInt64());
        Assert.Equal(3, root.GetProperty("configuration").GetProperty("workers").GetProperty("count").GetInt32());
        Assert.Equal("nats://***@one", root.GetProperty("configuration").GetProperty("nats").GetProperty("url").GetString());
        Assert.Equal("2.10.27", root.GetProperty("environment").GetProperty("nats_servers")[0].GetString());
        Assert.Equal($"simulation run --config {first.Folder.ConfigurationFile}", root.GetProperty("again").GetString());
        foreach (string file in Directory.EnumerateFiles(first.Folder.Path))
        {
            Assert.DoesNotContain("swordfish", await File.ReadAllTextAsync(file));
        }

        CommandRunner again = Runner(
            request =>
            {
                second = request;
                return new RunConclusion { Verdict = VerdictOf(VerdictOutcome.Passed) };
            },
            ImmutableDictionary<string, string>.Empty.Add("SIMULATION_NATS__URL", "nats://me:swordfish@one"));
        Assert.Equal(ExitCode.Configuration, await ExecuteAsync(Runner(_ => throw new InvalidOperationException()), "--config", first.Folder.ConfigurationFile));
        Assert.Equal(ExitCode.Passed, await ExecuteAsync(again, "--config", first.Folder.ConfigurationFile));
        Assert.Equal(first.Seed, second!.Seed);
        Assert.Equal(first.Config.Workers, second.Config.Workers);
        Assert.Equal(TimeSpan.FromSeconds(90), second.Config.Simulation.Duration);
    }

    [Fact]
    public async Task Run_Crash_Exits70WithTheTraceOnlyWhenVerbose()
    {
        CommandRunner plain = Runner(_ => throw new InvalidOperationException("ouch at nats://me:swordfish@one"));
        Assert.Equal(ExitCode.Internal, await ExecuteAsync(plain));
        Assert.Contains("internal error: ouch at nats://***@one (InvalidOperationException); --verbose shows the trace", plain.Error);
        Assert.DoesNotContain("   at Simulation", plain.Error);

        CommandRunner verbose = Runner(_ => throw new InvalidOperationException("ouch"));
        Assert.Equal(ExitCode.Internal, await ExecuteAsync(verbose, "--verbose"));
        Assert.Contains("   at Simulation", verbose.Error);
    }

    [Fact]
    public async Task Run_UserError_ExitsAsItSays()
    {
        CommandRunner runner = Runner(_ => throw new UserErrorException(ExitCode.Unavailable, "no server at nats://x"));
        Assert.Equal(ExitCode.Unavailable, await ExecuteAsync(runner));
        Assert.EndsWith("simulation: no server at nats://x\n", runner.Error);
    }

    [Fact]
    public async Task Run_OutputThatCannotBeWritten_Exits69()
    {
        var runner = new CommandRunner();
        string file = _folder.Write("not-a-folder", "");
        Assert.Equal(ExitCode.Unavailable, await runner.ExecuteAsync("run", "--output", file, "--set", "metrics.prometheus.enabled=false"));
        Assert.Contains("choose another place with --output DIR", runner.Error);
    }

    [Fact]
    public async Task Run_Quiet_SaysOnlyTheVerdict()
    {
        CommandRunner runner = Runner(request =>
        {
            request.Log.Info("chatter");
            request.Log.Warning("take care");
            return new RunConclusion { Verdict = VerdictOf(VerdictOutcome.Passed) };
        });
        await ExecuteAsync(runner, "--quiet");
        Assert.Contains("take care", runner.Error);
        Assert.DoesNotContain("chatter", runner.Error);
        Assert.Contains("Verdict: passed", runner.Output);
    }

    [Fact]
    public async Task Run_Evidence_IsPrintedAndKept()
    {
        var evidence = new Evidence(VerdictClass.Lost, new MessageId(7, 42), []) { Where = "middle" };
        string? kept = null;
        CommandRunner runner = Runner(request =>
        {
            kept = request.Folder.ViolationsFile;
            Verdict verdict = VerdictOf(VerdictOutcome.Violated) with { Evidence = [evidence], Findings = [new Finding(VerdictClass.Lost, 1, true) { Middle = 1 }, .. NothingElse()] };
            return new RunConclusion { Verdict = verdict, Evidence = [evidence] };
        });
        await ExecuteAsync(runner);
        Assert.Contains("lost: 1 (head 0, middle 1, tail 0)", runner.Output);
        Assert.Contains("lost: partition 7, sequence 42 (middle)", runner.Output);
        Assert.Contains("\"sequence\":42", await File.ReadAllTextAsync(kept!));
    }

    private static IEnumerable<Finding> NothingElse() =>
        Enum.GetValues<VerdictClass>().Where(verdictClass => verdictClass != VerdictClass.Lost).Select(verdictClass => new Finding(verdictClass, 0, false));

    private static Verdict VerdictOf(VerdictOutcome outcome) => new()
    {
        Outcome = outcome,
        Doubts = [],
        Findings = [new Finding(VerdictClass.Lost, 0, false), .. NothingElse()],
        Evidence = [],
        Damages = [],
        Guarantees = new Guarantees(),
        Sent = 3600,
        Received = 3600,
        Deliveries = 3600,
        Redelivered = 0,
        Recovered = 0,
        StillUnknown = 0,
        Rejected = 0,
        DrainFinished = true,
        ReadFinished = true,
        FaultsBit = 0,
        PublishLatency = new LatencyHistogram(),
        EndToEndLatency = new LatencyHistogram(),
    };

    private static CommandRunner Runner(Func<RunRequest, RunConclusion> run, ImmutableDictionary<string, string>? environment = null) => new()
    {
        Run = request => Task.FromResult(run(request)),
        Environment = environment ?? ImmutableDictionary<string, string>.Empty,
    };

    private Task<ExitCode> ExecuteAsync(CommandRunner runner, params string[] arguments) =>
        runner.ExecuteAsync(["run", "--output", _folder.Path, "--set", "metrics.prometheus.port=0", .. arguments]);
}
