using System.Globalization;
using System.Text.RegularExpressions;
using Simulation.History;
using Simulation.TestServers;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>The coordinator dies, and another one goes on.</summary>
public sealed partial class ProcessResumeTests : ProcessTest
{
    /// <summary>The dead keep their leases for longer than any test takes: whoever goes on must not wait for them.</summary>
    private static readonly string[] Settings = [Long, "workers.group.lease_ttl=10m"];

    /// <summary>However long it takes until it is killed, or ended.</summary>
    private const string Long = "simulation.duration=1h";

    private static readonly string[] Isolated = ["workers.isolation=process", "producers.isolation=process", "workers.per_process=2"];

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Resume_KilledWhileSending_PassesWithEverythingThatTheStreamHolds(bool isolated)
    {
        string[] settings = isolated ? [.. Settings, .. Isolated] : Settings;
        await using SimulationProcess killed = Run(settings);
        await killed.SendsAsync(messages: 40);
        killed.Signal(Signal.Kill);
        await killed.ExitAsync();

        await using SimulationProcess resumed = Run([.. settings, "--resume"]);
        await resumed.SaysAsync("Continuing simulation...");
        await resumed.PassesAfterMoreAsync(120);

        Assert.Matches(SimulationComplete(), resumed.Output);
        Assert.Matches(RestoredState(), resumed.Error);
        Match restored = RestoredState().Match(resumed.Error);
        Match complete = SimulationComplete().Match(resumed.Output);
        Assert.Equal(killed.RunFolder, resumed.RunFolder);
        Assert.Contains("[INFO] Resuming from checkpoint: ", resumed.Error);
        Assert.Contains("[INFO] Continuing simulation...", resumed.Error);
        Assert.Contains("Verdict: passed", resumed.Output);
        Assert.Matches("coordinator_outage: .*; well again after ", resumed.Output);
        Assert.Contains("\"kind\":\"coordinator_outage\"", await File.ReadAllTextAsync(Path.Combine(resumed.RunFolder, "report.html"))); // Shaded by the script.
        Assert.InRange(NumberIn(restored), 40, NumberIn(complete) - 1);
        Assert.Equal(Stored(resumed), NumberIn(complete));
        await resumed.LeavesNothingRunningAsync();
    }

    /// <summary>By a second signal, in the drain.</summary>
    [SkippableFact]
    public async Task Resume_StoppedAtOnceWith75_GoesOn()
    {
        string[] settings = ["partitions.message_rate_per_partition=0.5", "workers.processing_delay.min=3s", "workers.processing_delay.max=3s"];
        await using SimulationProcess stopped = Run([.. settings, Long]);
        await stopped.SendsAsync(messages: 2);
        stopped.Signal(Signal.Terminate);
        await stopped.SaysAsync("Draining");
        stopped.Signal(Signal.Interrupt);
        await stopped.ExitsAsync(75);
        Assert.Contains($"To go on:   simulation --resume {stopped.RunFolder}", stopped.Output);

        await using SimulationProcess resumed = Run([.. settings, "simulation.duration=1s", "--resume"]);
        await resumed.ExitsAsync(0);

        Assert.Matches(SimulationComplete(), resumed.Output);
        Assert.Equal(Stored(resumed), NumberIn(SimulationComplete().Match(resumed.Output)));
    }

    /// <summary>At its first word there is nothing of it yet but its folder.</summary>
    [SkippableFact]
    public async Task Resume_KilledBeforeItBegan_BeginsAndPasses()
    {
        await using SimulationProcess killed = Run("simulation.duration=1s");
        await killed.SaysAsync(", folder ");
        killed.Signal(Signal.Kill);
        await killed.ExitAsync();

        await using SimulationProcess resumed = Run("simulation.duration=1s", "--resume");
        await resumed.ExitsAsync(0);

        Assert.Equal(killed.RunFolder, resumed.RunFolder);
        Assert.Contains("Verdict: passed", resumed.Output);
    }

    /// <summary>The logs are read from the checkpoint on; and it is not the last word of a store that somebody has damaged.</summary>
    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Resume_WithCheckpoints_GoesOnFromTheNewestOrFromTheLogs(bool damaged)
    {
        string[] settings = [.. Settings, "checkpointing.enabled=true", "checkpointing.interval=1s"];
        await using SimulationProcess killed = Run(settings);
        await killed.SendsAsync(messages: 40);
        string store = Directory.EnumerateFiles(killed.RunFolder, "*.db", SearchOption.AllDirectories).Single();
        while (new FileInfo(store + "-wal").Length < 40_000)
        {
            await Task.Delay(20);
        }

        killed.Signal(Signal.Kill);
        await killed.ExitAsync();
        if (damaged)
        {
            await File.WriteAllTextAsync(store, "This is no database, and is longer than the header of one would be.");
            File.Delete(store + "-wal");
            File.Delete(store + "-shm");
        }

        await using SimulationProcess resumed = Run([.. settings, "--resume"]);
        await resumed.SaysAsync("Continuing simulation...");
        await resumed.PassesAfterMoreAsync(120);

        Assert.Contains($"Resuming from checkpoint: {(damaged ? "none" : store)}", resumed.Error);
        Assert.Equal(damaged, resumed.Error.Contains("It is put aside as", StringComparison.Ordinal));
        Assert.Contains("Verdict: passed", resumed.Output);
        Assert.Equal(Stored(resumed), NumberIn(SimulationComplete().Match(resumed.Output)));
        await resumed.LeavesNothingRunningAsync();
    }

    /// <summary>All is written down, only the report is not: it is judged by the logs, and nothing is started for it.</summary>
    [SkippableFact]
    public async Task Resume_KilledBeforeItsReport_IsJudged()
    {
        await using SimulationProcess ended = Run("simulation.duration=1s");
        await ended.ExitsAsync(0);
        File.Delete(Path.Combine(ended.RunFolder, "report.json"));

        await using SimulationProcess resumed = Run("simulation.duration=1s", "--resume");
        await resumed.ExitsAsync(0);

        Assert.Equal(SimulationComplete().Match(ended.Output).Value, SimulationComplete().Match(resumed.Output).Value);
        Assert.Contains("Verdict: passed", resumed.Output);
        Assert.DoesNotContain("coordinator_outage", resumed.Output);
        Assert.DoesNotContain("nats-server", resumed.Error);
        Assert.True(File.Exists(Path.Combine(ended.RunFolder, "report.json")));
    }

    /// <summary>With chaos, at any instant: also while it starts, drains, reads and judges. As many runs as it takes.</summary>
    [SkippableTheory]
    [Trait("Category", "Soak")]
    [InlineData("actor")]
    [InlineData("process")]
    public async Task Resume_KilledFiftyTimes_Passes(string isolation)
    {
        Soak.Require();
        await File.WriteAllTextAsync(Path.Combine(Folder, "chaos.yaml"), $$"""
            simulation: {duration: 40s, seed: 3}
            partitions: {count: 8, message_rate_per_partition: 10}
            producers: {count: 2, isolation: {{isolation}} }
            workers: {count: 4, isolation: {{isolation}}, processing_delay: {min: 1ms, max: 5ms}, group: {lease_ttl: 2s, cold_start_window: 500ms}, consumers: {ack_wait: 3s} }
            coordinator: {validation_window: 30s}
            metrics: {prometheus: {enabled: false} }
            checkpointing: {enabled: true, interval: 1s}
            chaos:
              enabled: true
              warmup: 1s
              quiet_before_end: 2s
              interval: 2s-4s
              events: [{name: worker_crash, for: 2s}, worker_restart, {name: producer_crash, for: 1s}, {name: nats_disconnect, for: 1s}, server_restart]
            """);
        var random = new Random(Random.Shared.Next());
        int kills = 0;
        for (int run = 0; kills < 50; run++)
        {
            kills += await KillAndResumeToTheEndAsync(run, random, most: 50 - kills);
        }
    }

    /// <summary>After which a process is killed within seconds: it begins, it has read what was, it sends, it ends.</summary>
    private static readonly string[] Moments = [", folder ", "nats-server", "running,", "running,", "running,", "draining,"];

    /// <returns>How often it was killed before it had its report.</returns>
    private async Task<int> KillAndResumeToTheEndAsync(int run, Random random, int most)
    {
        string output = $"runs-{run}";
        string runFolder = "";
        bool wentOn = false;
        int kills = 0;
        for (; kills < most; kills++)
        {
            await using SimulationProcess killed = Start(["--config", "chaos.yaml", "--output", output, .. kills == 0 ? Array.Empty<string>() : ["--resume"]]);
            await killed.SaysAsync(", folder ");
            runFolder = killed.RunFolder;
            await killed.SaysOrEndsAsync(Moments[random.Next(Moments.Length)]);
            await Task.Delay(random.Next(0, 4_000));
            killed.Kill();
            await killed.ExitAsync();
            wentOn = WentOn(killed.Error) ?? wentOn;
            if (File.Exists(Path.Combine(runFolder, "report.json")))
            {
                break; // It was quicker than the signal.
            }
        }

        string transcript = "";
        if (!File.Exists(Path.Combine(runFolder, "report.json")))
        {
            (int exitCode, string said, string error) = await ExecuteAsync("--config", "chaos.yaml", "--output", output, "--resume");
            transcript = $"exit code {exitCode}\n{said}\n{error}";
            wentOn = WentOn(error) ?? wentOn;
        }

        Verdict verdict = Checker.Check(runFolder);
        bool hasOutage = verdict.Faults.Any(fault => fault.IsOutage);
        if (verdict.Outcome != VerdictOutcome.Passed || hasOutage != wentOn)
        {
            Assert.Fail($"Run {run} after {kills} kills: {verdict.Outcome}, {string.Join(' ', verdict.Doubts)}, outage {hasOutage}, went on {wentOn}\n{Kept(runFolder)}\n{transcript}");
        }

        Assert.Equal(InTheStream(runFolder), verdict.Received);
        Assert.Equal(verdict.Sent, verdict.Received);
        return kills;
    }

    /// <summary>
    /// The run, where it had begun: what was killed before its first record begins anew, and what was killed between its last record and its report
    /// is only judged. Neither has an outage to tell of.
    /// </summary>
    /// <returns>Null when it came to none of it.</returns>
    private static bool? WentOn(string log) => log.Contains("Continuing simulation...", StringComparison.Ordinal)
        ? !log.Contains("the run had not begun", StringComparison.Ordinal)
        : null;

    /// <summary>For whoever wants to know why, when <c>SIMULATION_KEEP</c> names a folder.</summary>
    private static string Kept(string runFolder)
    {
        if (Environment.GetEnvironmentVariable("SIMULATION_KEEP") is not { Length: > 0 } folder)
        {
            return "SIMULATION_KEEP=DIR keeps the folder of such a run";
        }

        string copy = Path.Combine(folder, Path.GetFileName(runFolder));
        Directory.Move(runFolder, copy);
        return $"kept in {copy}";
    }

    /// <summary>Each once: what was published again after a longer outage than the server remembers message ids for is stored twice.</summary>
    private static long InTheStream(string runFolder) => RunLogs.Records(runFolder, RecordType.Stored).Select(record => record.Message).Distinct().LongCount();

    [SkippableFact]
    public async Task Resume_WhatCannotBe_IsRefusedWithTheReason()
    {
        (int exitCode, _, string error) = await ExecuteAsync("--config", "run.yaml", "--resume");
        Assert.Equal(64, exitCode);
        Assert.Contains("there is nothing to resume of run.yaml", error);

        await using SimulationProcess killed = Run("simulation.duration=1h");
        await killed.SaysAsync("running,");
        (exitCode, _, error) = await ExecuteAsync("--resume", killed.RunFolder);
        Assert.Equal(64, exitCode);
        Assert.Contains("is running", error);
        killed.Signal(Signal.Kill);
        await killed.ExitAsync();

        (exitCode, string listed, _) = await ExecuteAsync("runs");
        Assert.Equal(0, exitCode);
        Assert.Matches(@"\w+ +resumable +- +\S+Z +\S+ +\S+ MB  .*run\.yaml", listed);
        (exitCode, _, error) = await ExecuteAsync("--config", "run.yaml", "--set", "workers.count=3", "--set", "simulation.duration=2h", "--resume");
        Assert.Equal(78, exitCode);
        Assert.Contains("workers.count: 2 -> 3", error);
        Assert.DoesNotContain("simulation.duration", error);

        (exitCode, _, error) = await ExecuteAsync("--resume", "nowhere");
        Assert.Equal(64, exitCode);
        Assert.Contains("resumable", error);

        (_, string removed, _) = await ExecuteAsync("runs", "clean", "--keep", "0");
        Assert.Equal($"removed {killed.RunFolder}\n", removed);
        Assert.False(Directory.Exists(killed.RunFolder));
    }

    private static int Stored(SimulationProcess run) => RunLogs.Count(run.RunFolder, RecordType.Stored);

    private static int NumberIn(Match match) => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\[INFO\] Restored state: (\d+) messages sent, \d+ received")]
    private static partial Regex RestoredState();

    /// <remarks>A message that was processed when the acknowledgement could not go out any more is processed twice: nobody promised otherwise.</remarks>
    [GeneratedRegex(@"Simulation complete: (\d+) messages sent, \1 received, 0 gaps")]
    private static partial Regex SimulationComplete();
}
