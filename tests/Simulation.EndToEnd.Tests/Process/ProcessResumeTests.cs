using System.Globalization;
using System.Text.RegularExpressions;
using Simulation.History;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>The coordinator dies, and another one goes on.</summary>
public sealed partial class ProcessResumeTests : ProcessTest
{
    private static readonly string[] Settings = ["simulation.duration=6s", "workers.group.lease_ttl=2s"];

    private static readonly string[] Isolated = ["workers.isolation=process", "producers.isolation=process", "workers.per_process=2"];

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Resume_KilledWhileSending_PassesWithEverythingThatTheStreamHolds(bool isolated)
    {
        string[] settings = isolated ? [.. Settings, .. Isolated] : Settings;
        await using SimulationProcess killed = Run(settings);
        await SendsAsync(killed, messages: 40);
        killed.Signal(Signal.Kill);
        await killed.ExitAsync();

        await using SimulationProcess resumed = Run([.. settings, "--resume"]);
        await resumed.ExitsAsync(0);

        Assert.Matches(SimulationComplete(), resumed.Output);
        Assert.Matches(RestoredState(), resumed.Error);
        Match restored = RestoredState().Match(resumed.Error);
        Match complete = SimulationComplete().Match(resumed.Output);
        Assert.Equal(killed.RunFolder, resumed.RunFolder);
        Assert.Contains("[INFO] Resuming from checkpoint: ", resumed.Error);
        Assert.Contains("[INFO] Continuing simulation...", resumed.Error);
        Assert.Contains("Verdict: passed", resumed.Output);
        Assert.Contains("coordinator_outage: ", resumed.Output);
        Assert.InRange(NumberIn(restored), 40, NumberIn(complete) - 1);
        Assert.Equal(Stored(resumed), NumberIn(complete));
        await resumed.LeavesNothingRunningAsync();
    }

    /// <summary>As many messages have been acknowledged.</summary>
    private static async Task SendsAsync(SimulationProcess run, int messages)
    {
        await run.SaysAsync("running,");
        FileHistoryStore history = RunHistory.Open(run.RunFolder);
        while (Records(history, RecordType.Acknowledged) < messages)
        {
            await Task.Delay(20);
        }
    }

    private static int Stored(SimulationProcess run) => Records(RunHistory.Open(run.RunFolder), RecordType.Stored);

    private static int Records(FileHistoryStore history, RecordType type)
    {
        int count = 0;
        foreach (string participant in history.Participants())
        {
            using HistoryReader log = history.Read(participant);
            while (log.TryRead(out HistoryRecord record))
            {
                count += record.Type == type ? 1 : 0;
            }
        }

        return count;
    }

    private static int NumberIn(Match match) => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\[INFO\] Restored state: (\d+) messages sent, \d+ received")]
    private static partial Regex RestoredState();

    /// <remarks>A message that was processed when the acknowledgement could not go out any more is processed twice: nobody promised otherwise.</remarks>
    [GeneratedRegex(@"Simulation complete: (\d+) messages sent, \1 received, 0 gaps")]
    private static partial Regex SimulationComplete();
}
