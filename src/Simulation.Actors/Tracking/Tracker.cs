using Simulation.History;
using Simulation.Kernel;

namespace Simulation.Actors;

/// <summary>
/// Reads what everybody writes, and nothing else: it follows the logs a little behind now, tells its parent how things stand, and in the
/// end judges from the logs alone, as <c>simulation check</c> would.
/// </summary>
internal sealed class Tracker : ReceiveActor
{
    /// <summary>A participant may be between its clock and its log; this is far more than that takes.</summary>
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(1);

    private readonly IHistoryStore _history;
    private readonly LiveTail _tail;
    private readonly bool _isObserved;

    private Tracker(TimeSpan interval, IHistoryStore history, HeardOnce? observer, Resumption? resumption)
    {
        _history = history;
        _tail = resumption?.TakeTail() ?? new LiveTail(history);
        _tail.Fold.Observer = observer;
        observer?.BeginAgain(_tail.Fold.Records);
        _isObserved = observer is not null;
        Timers.StartPeriodicTimer(nameof(Follow), new Follow(), interval);
        Receive<Follow>(_ => FollowLogs());
        Receive<GetFolded>(_ => Sender!.Tell(Folded(), Self));
        Receive<Judge>(_ => Sender!.Tell(TryJudgeLogs(), Self));
    }

    /// <param name="run">Of which run.</param>
    /// <param name="services">For its logs, and who hears what is folded.</param>
    /// <param name="resumption">With what has been folded already; null for nothing.</param>
    public static Props Props(RunOptions run, RunServices services, Resumption? resumption)
    {
        HeardOnce? observer = services.Telemetry.FoldObserver is { } listener ? new HeardOnce(listener) : null; // Of all incarnations.
        return Kernel.Props.Create(() => new Tracker(run.TrackingInterval, services.History, observer, resumption));
    }

    protected override void PostStop() => _tail.Dispose();

    private void FollowLogs()
    {
        if (!Context.Buggify("tracker.late") && _tail.Advance(Context.Now - Behind) > 0)
        {
            Context.Parent!.Tell(Status(), Self);
        }
    }

    private TrackingStatus Status() => new(_tail.Fold.Snapshot(), [.. _tail.Fold.PartitionCounts()]);

    private FoldedSoFar Folded()
    {
        Fold fold = _tail.Fold;
        return new FoldedSoFar(_tail.Snapshot(), fold.Snapshot(), fold.Progress.SentFor(fold.Time), [.. fold.Progress.Staff]);
    }

    /// <summary>Logs that cannot be read are the asker's to know; the same question again would have the same answer.</summary>
    private object TryJudgeLogs()
    {
        Timers.CancelAll();
        try
        {
            return JudgeLogs();
        }
        catch (IOException unreadable)
        {
            return new Status.Failure(unreadable);
        }
    }

    private Judgement JudgeLogs()
    {
        var evidence = new List<Evidence>();
        Verdict verdict = Checker.Check(_history, evidence.Add);
        return new Judgement(verdict, [.. evidence], _isObserved ? LastStatus() : null);
    }

    /// <summary>What was recorded since the last look, too: whoever measures a run ends with the verdict's numbers.</summary>
    private TrackingStatus LastStatus()
    {
        _tail.Finish();
        return Status();
    }

    private sealed record Follow;
}
