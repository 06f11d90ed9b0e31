using Simulation.History;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>What the logs of a run have so far, whether it still goes on or not.</summary>
internal static class RunLogs
{
    public static IEnumerable<HistoryRecord> Records(string runFolder, RecordType type)
    {
        FileHistoryStore history = RunHistory.Open(runFolder);
        foreach (string participant in history.Participants())
        {
            using HistoryReader log = history.Read(participant);
            while (log.TryRead(out HistoryRecord record))
            {
                if (record.Type == type)
                {
                    yield return record;
                }
            }
        }
    }

    public static int Count(string runFolder, RecordType type) => Records(runFolder, type).Count();

    /// <summary>Waits until it runs and as many messages are acknowledged: whatever ends it from now on, there is something to judge.</summary>
    public static async Task SendsAsync(this SimulationProcess run, int messages = 1)
    {
        await run.SaysAsync("running,");
        await run.HasAsync(messages, RecordType.Acknowledged);
    }

    /// <summary>Waits until they have as many; whoever waits in vain is told what the run said.</summary>
    public static async Task HasAsync(this SimulationProcess run, int count, RecordType type)
    {
        while (Count(run.RunFolder, type) < count)
        {
            run.ThrowIfOver();
            await Task.Delay(20);
        }
    }

    /// <summary>Waits until so many more messages are acknowledged, and ends the run in order: it passes.</summary>
    public static async Task PassesAfterMoreAsync(this SimulationProcess run, int messages)
    {
        await run.HasAsync(Count(run.RunFolder, RecordType.Acknowledged) + messages, RecordType.Acknowledged);
        run.Signal(Signal.Terminate);
        await run.ExitsAsync(0);
    }

    /// <summary>Waits until so many faults are over, and ends the run in order: how long they take is the machine's affair.</summary>
    public static async Task EndsAfterFaultsAsync(this SimulationProcess run, int faults, int exitCode)
    {
        await run.SaysAsync("running,");
        await run.HasAsync(faults, RecordType.FaultEnded);
        run.Signal(Signal.Terminate);
        await run.ExitsAsync(exitCode);
    }
}
