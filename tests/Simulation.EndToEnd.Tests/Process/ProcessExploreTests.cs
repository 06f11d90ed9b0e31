using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Simulation.TestServers;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>The virtual world from outside: the same seed is the same run in any process, on any number of threads.</summary>
public sealed class ProcessExploreTests : ProcessTest
{
    private static readonly string[] Small = ["--config", "run.yaml", "--duration", "1m"];

    [Fact]
    public async Task Explore_CheckDeterminism_EverySeedHasTheSameTraceInAFreshProcess()
    {
        (int exitCode, string output, string error) = await ExecuteAsync(["explore", .. Small, "--seeds", "1..6", "--check-determinism", "--output", Folder]);
        Assert.True(exitCode == 0, $"{exitCode}\n{output}\n{error}");
        Assert.Contains("Every seed had the same trace in a fresh process.", output);
        Assert.Contains("6 seeds, ", output);

        string report = Path.Combine(Assert.Single(Directory.GetDirectories(Folder, "*-explore")), "explore.json");
        using JsonDocument json = JsonDocument.Parse(await File.ReadAllTextAsync(report));
        Assert.Equal(6, json.RootElement.GetProperty("seeds_run").GetInt32());
        Assert.Contains(
            json.RootElement.GetProperty("coverage").EnumerateArray(),
            entry => entry.GetProperty("group").GetString() == "faults that bit" && entry.GetProperty("times").GetInt64() > 0);
    }

    [Fact]
    public async Task Explore_OneThreadOrTwo_TheSameTraces()
    {
        string[] alone = await TracesAsync("--parallel", "1");
        string[] together = await TracesAsync("--parallel", "2");
        Assert.Equal(alone, together);
        Assert.Equal(6, alone.Select(line => line.Split(' ')[1]).Distinct().Count());

        async Task<string[]> TracesAsync(params string[] parallel)
        {
            (int exitCode, string output, string error) = await ExecuteAsync(["explore", .. Small, "--seeds", "11..16", "--hashes", .. parallel]);
            Assert.True(exitCode == 0, error);
            return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>A message that may be delivered once, and a worker that dies holding some: they are stranded.</summary>
    [Fact]
    public async Task ExploreReplayShrinkRun_MaxDeliverOne_TheFewFaultsThatStrandMessages()
    {
        string[] stranding =
        [
            .. Small, "--set", "workers.consumers.max_deliver=1", "--set", "workers.processing_delay.max=400ms", "--set", "partitions.message_rate_per_partition=2", "--set", "chaos.enabled=true",
            "--set", "chaos.events=[worker_crash, network_latency]", "--set", "chaos.interval=5-10s", "--set", "chaos.warmup=1s", "--set", "chaos.quiet_before_end=1s",
        ];
        (int explored, string found, _) = await ExecuteAsync(["explore", .. stranding, "--seeds", "1..100", "--until", "violation", "--parallel", "1", "--output", Folder]);
        Assert.Equal(1, explored);
        string replayLine = found.Split('\n').Single(line => line.TrimStart().StartsWith("simulation replay", StringComparison.Ordinal)).Trim();
        string seed = replayLine.Split(' ')[^1];

        (int replayed, string story, _) = await ExecuteAsync(["replay", .. stranding, "--seed", seed]);
        Assert.Equal(1, replayed);
        Assert.Contains("Around what went wrong first", story);
        Assert.Contains("unprocessed:", story);

        (int shrunk, string small, _) = await ExecuteAsync(["shrink", .. stranding, "--seed", seed, "--output", "small.yaml"]);
        Assert.Equal(1, shrunk);
        int faults = int.Parse(Regex.Match(small, @"with (\d+) faults? \(").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(faults, 1, 3);

        (int again, string verdict, _) = await ExecuteAsync("run", "--config", "small.yaml", "--output", Folder, "--quiet");
        Assert.Equal(1, again);
        Assert.Contains("unprocessed:", verdict);
    }

    [SkippableFact]
    [Trait("Category", "Soak")]
    public async Task Explore_TwoHundredSeeds_AreTheSameInFreshProcesses()
    {
        Soak.Require();
        await using SimulationProcess process = Start(["explore", .. Small, "--seeds", "1..200", "--check-determinism", "--output", Folder]);
        Assert.Equal(0, await process.ExitAsync());
        Assert.Contains("Every seed had the same trace in a fresh process.", process.Output);
    }
}
