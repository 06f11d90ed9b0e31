using Simulation.Actors;
using Simulation.Host.Telemetry;
using Simulation.Kernel;
using Simulation.Persistence;

namespace Simulation.Host.Checkpoints;

/// <summary>
/// Keeps a run: the journal as things happen, a checkpoint every so often, when asked, and when sending is over. Nothing of the run waits
/// for it, and no verdict rests on it: when the store fails there is a warning, and the run goes on as one without checkpoints until the
/// <see cref="KeeperHome"/> has another keeper.
/// </summary>
internal sealed class Keeper : PersistentActor
{
    /// <summary>What has happened meanwhile is stored together.</summary>
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    /// <summary>What happened so shortly before a crash may not have been stored, and that is as it should be.</summary>
    private static readonly TimeSpan Unconfirmed = TimeSpan.FromSeconds(10);

    private readonly KeeperOptions _options;
    private readonly List<Happened> _pending = [];
    private Happened[] _flushing = [];

    /// <summary>The last event that was stored before this process began: what the logs tell up to there is nothing new.</summary>
    private DateTimeOffset _recoveredUntil = DateTimeOffset.MinValue;

    private DateTimeOffset _journaledUntil = DateTimeOffset.MinValue;
    private Checkpoint? _newest;
    private IActorRef? _coordinator;
    private TimeSpan? _askedAt;
    private long _bytes;
    private bool _hasWarned;
    private bool _isSending = true;

    private Keeper(KeeperOptions options, PersistenceServices persistence)
        : base(persistence)
    {
        _options = options;
        Recover<SnapshotOffer>(offer =>
        {
            _newest = (Checkpoint)offer.Snapshot;
            _journaledUntil = _newest.JournaledUntil;
        });
        Recover<Happened>(Journaled);
        Recover<RecoveryCompleted>(_ =>
        {
            _recoveredUntil = _journaledUntil;
            options.Recovered(_newest, null);
        });
        Receive<Happened>(Note);
        ReceiveAsync<Flush>(_ => FlushAsync());
        Receive<Conduct>(Follow);
        Receive<PhaseEntered>(entered =>
        {
            if (entered.Phase >= History.RunPhase.Draining)
            {
                _isSending = false;
                Timers.Cancel(nameof(TakeCheckpoint));
                Self.Tell(new TakeCheckpoint(), Self);
            }
        });
        Receive<TakeCheckpoint>(_ => Ask());
        ReceiveAsync<FoldedSoFar>(SaveAsync);
        Receive<SaveSnapshotSuccess>(_ => Saved());
        Receive<SaveSnapshotFailure>(failure => Failed("a checkpoint could not be stored", failure.Cause));
    }

    protected override string PersistenceId => $"run/{_options.RunId}";

    public static Props Props(KeeperOptions options, PersistenceServices persistence) => Kernel.Props.Create(() => new Keeper(options, persistence));

    protected override void OnPersistFailure(Exception cause, object @event, long sequence) =>
        GiveUp("the journal cannot be written, so there are no checkpoints for now", cause);

    protected override void OnRecoveryFailure(Exception cause) => _options.Recovered(null, cause);

    private void Follow(Conduct conduct)
    {
        WarnOfMissing(conduct.InterruptedAt);
        _coordinator = conduct.Coordinator;
        _coordinator.Tell(new SubscribeToPhases(), Self);
        Timers.StartPeriodicTimer(nameof(Flush), new Flush(), FlushInterval);
        Timers.StartPeriodicTimer(nameof(TakeCheckpoint), new TakeCheckpoint(), _options.Interval);
    }

    /// <summary>SQLite takes a damaged end of its log for what a crash left, and says nothing: the histories know what had been stored by then.</summary>
    private void WarnOfMissing(DateTimeOffset? interruptedAt)
    {
        if (_pending.Count > 0 && _recoveredUntil > DateTimeOffset.MinValue && _pending[0].At < interruptedAt - Unconfirmed)
        {
            Context.System.Log.Write(LogLevel.Warning, "",
                $"Checkpoints: the journal ends at {_recoveredUntil:u}, though more had happened: it is damaged, or could not be written. The rest is told from the logs again");
        }
    }

    private void Note(Happened happened)
    {
        if (happened.At > _recoveredUntil)
        {
            _pending.Add(happened);
        }
    }

    private async ActorTask FlushAsync()
    {
        _flushing = [.. _pending];
        _pending.Clear();
        await PersistAll(_flushing, Journaled);
        _flushing = [];
    }

    private void GiveUp(string why, Exception cause)
    {
        Failed(why, cause);
        Context.Parent!.Tell(new NotKept([.. _flushing, .. _pending]), Self);
    }

    private void Journaled(Happened happened) => _journaledUntil = happened.At > _journaledUntil ? happened.At : _journaledUntil;

    private void Ask()
    {
        _askedAt ??= Context.Uptime;
        _coordinator?.Tell(new GetFolded(), Self);
    }

    /// <summary>The journal first: a checkpoint is made of what is stored.</summary>
    private async ActorTask SaveAsync(FoldedSoFar folded)
    {
        await FlushAsync();
        _bytes = folded.Fold.State.Length;
        SaveSnapshot(Checkpoint.Of(folded, _journaledUntil));
    }

    private void Saved()
    {
        _options.Telemetry.CheckpointTaken(Context.Uptime - (_askedAt ?? Context.Uptime), _bytes);
        _askedAt = null;
        _hasWarned = false;
        KeepHistory();
    }

    /// <summary>Not in the end, when everything is read once more.</summary>
    private void KeepHistory()
    {
        try
        {
            if (_isSending)
            {
                _options.History?.Advance(Context.Now);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Failed("old history could not be removed", error);
        }
    }

    private void Failed(string what, Exception cause)
    {
        _askedAt = null;
        _options.Telemetry.CheckpointFailed();
        if (!_hasWarned)
        {
            _hasWarned = true;
            Context.System.Log.Write(LogLevel.Warning, "", $"Checkpoints: {what}: {cause.Message} The run goes on, and can be resumed from its logs");
        }
    }

    private sealed record Flush;
}

/// <summary>To the keeper: this is the run.</summary>
/// <param name="Coordinator">Of the run.</param>
/// <param name="InterruptedAt">When whoever conducted it before died; null for a run that begins.</param>
internal sealed record Conduct(IActorRef Coordinator, DateTimeOffset? InterruptedAt = null);

/// <summary>To the keeper: now.</summary>
internal sealed record TakeCheckpoint;

/// <param name="RunId">Whose keeper it is.</param>
/// <param name="Interval">Between checkpoints.</param>
/// <param name="Recovered">Told the newest checkpoint, or null for none; or why what is stored cannot be used.</param>
/// <param name="Telemetry">Hears of each.</param>
/// <param name="History">Told after each; null where everything is kept.</param>
internal sealed record KeeperOptions(string RunId, TimeSpan Interval, Action<Checkpoint?, Exception?> Recovered, ICheckpointTelemetry Telemetry, HistoryKeeping? History = null);
