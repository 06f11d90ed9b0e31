using System.Text.Json.Nodes;
using Simulation.Host.CommandLine;
using Simulation.Host.Run;
using Simulation.Host.Tests.CommandLine;

namespace Simulation.Host.Tests.Thresholds;

/// <summary>Whole runs in the virtual world that are held to something.</summary>
public sealed class ThresholdRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_ThresholdThatAborts_EndsItEarlyDrainedAndJudged()
    {
        (ExitCode exitCode, string output, JsonNode report) = await RunAsync("[{metric: sent.count, below: 100, abort: true}, {metric: lag.end, below: 1}]");
        Assert.Equal(ExitCode.ThresholdMissed, exitCode);
        Assert.Contains("Verdict: passed", output);
        Assert.Contains("Ended early: threshold missed: sent.count below 100; it was 1", output);
        Assert.Contains("missed sent.count below 100: ended the run: it was 1", output);
        Assert.Contains("kept   lag.end below 1: 0", output);
        Assert.InRange(report["verdict"]!["sent"]!.GetValue<long>(), 100, 500); // Of the 600 of a minute.
        Assert.Equal(report["verdict"]!["sent"]!.GetValue<long>(), report["verdict"]!["received"]!.GetValue<long>());
    }

    [Fact]
    public async Task Run_ThresholdThatIsKept_ExitsAsItsVerdict()
    {
        (ExitCode exitCode, string output, JsonNode report) = await RunAsync("[{metric: publish_latency.p99, below: 1s, abort: true}]");
        Assert.Equal(ExitCode.Passed, exitCode);
        Assert.Contains("Thresholds: 1 of 1 kept", output);
        Assert.Equal(600, report["verdict"]!["sent"]!.GetValue<long>());
    }

    [Fact]
    public async Task Run_ThresholdMissedAndNoVerdictCertain_ExitsWithWhatIsWorse()
    {
        (ExitCode exitCode, string output, _) = await RunAsync("[{metric: sent.count, below: 1}]", "--set", "coordinator.validation_window=1s", "--set", "workers.processing_delay.min=20s", "--set", "workers.processing_delay.max=30s");
        Assert.Equal(ExitCode.Inconclusive, exitCode);
        Assert.Contains("missed sent.count below 1: it was 600", output);
    }

    private async Task<(ExitCode ExitCode, string Output, JsonNode Report)> RunAsync(string thresholds, params string[] more)
    {
        var composition = new RunComposition();
        var runner = new CommandRunner { Run = composition.RunAsync };
        ExitCode exitCode = await runner.ExecuteAsync([
            "run", "--world", "virtual", "--config", Repository.PathOf("configs", "dev.yaml"), "--duration", "1m", "--seed", "5",
            "--output", _folder.Path, "--set", "metrics.prometheus.enabled=false", "--set", $"thresholds={thresholds}", .. more]);
        string report = Path.Combine(Assert.Single(Directory.GetDirectories(_folder.Path)), "report.json");
        return (exitCode, runner.Output, JsonNode.Parse(await File.ReadAllTextAsync(report))!);
    }
}
