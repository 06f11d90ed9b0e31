using Simulation.Actors;
using Simulation.Benchmarks.Virtual;
using Simulation.History;
using Simulation.Kernel;
using Simulation.Nats;
using Simulation.Nats.Connection;
using Simulation.Nats.Embedded;

namespace Simulation.Benchmarks.Harness;

/// <summary>A run as Host composes it, with its history on disk and its verdict, which has to be <c>passed</c>.</summary>
internal static class WholeHarness
{
    public static async Task<Measurement> MeasureAsync(EmbeddedNatsServer server, string folder, TimeSpan duration)
    {
        RunOptions run = FullRate.Run(duration);
        await using ActorSystem system = ActorSystem.Create("benchmark", Dispatchers.Real(), run.Seed);
        using var connector = new NatsConnector(new NatsOptions { Url = server.Url, PublishTimeout = run.Publishing.Timeout }, system);
        var history = new FileHistoryStore(Path.Combine(folder, RunHistory.FolderName), run.RunId);
        IActorRef coordinator = system.ActorOf(Coordinator.Props(run, FullRate.Topology, new RunServices(connector, history, new NoTelemetry())), "coordinator");
        Task<RunOutcome> ending = system.AskAsync<RunOutcome>(coordinator, new AwaitOutcome(), Timeout.InfiniteTimeSpan);

        Meter begin = await AtPhaseAsync(RunPhase.Running);
        Meter end = await AtPhaseAsync(RunPhase.Draining);
        RunOutcome outcome = await ending;
        Verdict verdict = outcome.Judgement?.Verdict ?? throw new InvalidOperationException("The run could not be run.", outcome.Failure);
        return verdict.Outcome == VerdictOutcome.Passed
            ? Count(history, end - begin)
            : throw new InvalidOperationException($"{verdict.Outcome}: {verdict.Summary} {string.Join(" ", verdict.Doubts)}");

        async Task<Meter> AtPhaseAsync(RunPhase phase)
        {
            while ((await system.AskAsync<RunStatus>(coordinator, new GetStatus(), TimeSpan.FromMinutes(1))).Phase < phase && !ending.IsCompleted)
            {
                await Task.Delay(20);
            }

            return Meter.Read(server.ProcessId);
        }
    }

    /// <summary>From the logs: what was acknowledged while sending went on, and when the last was.</summary>
    private static Measurement Count(IHistoryStore history, Meter sending)
    {
        long sendingSince = PhaseBegan(history, RunPhase.Running);
        long sendingUntil = PhaseBegan(history, RunPhase.Draining);
        long inTime = 0;
        long total = 0;
        long last = 0;
        foreach (string worker in history.Participants().Where(name => name.StartsWith("worker", StringComparison.Ordinal)))
        {
            using HistoryReader log = history.Read(worker);
            while (log.TryRead(out HistoryRecord record))
            {
                if (record.Type == RecordType.AckSent)
                {
                    total++;
                    inTime += record.Time <= sendingUntil ? 1 : 0;
                    last = Math.Max(last, record.Time);
                }
            }
        }

        return new Measurement(inTime, total, sending, TimeSpan.FromMicroseconds(last - sendingSince));
    }

    private static long PhaseBegan(IHistoryStore history, RunPhase phase)
    {
        using HistoryReader log = history.Read("coordinator");
        while (log.TryRead(out HistoryRecord record))
        {
            if (record.Type == RecordType.PhaseChanged && record.Phase == phase)
            {
                return record.Time;
            }
        }

        throw new InvalidOperationException($"The run never came to {phase}.");
    }
}
