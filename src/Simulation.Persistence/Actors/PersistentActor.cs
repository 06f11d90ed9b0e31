using System.Collections.Immutable;
using Simulation.Kernel;

namespace Simulation.Persistence;

/// <summary>
/// An actor whose state is what its events say. It persists an event before it acts on it, and when it starts again, the newest snapshot and
/// the events after it bring the state back; commands wait until then. Commands are handled by <c>Receive</c>, what comes back by
/// <see cref="Recover{T}"/>; set timers and the like when <see cref="RecoveryCompleted"/> comes.
/// </summary>
/// <remarks>
/// When something cannot be persisted or recovered the actor stops, as in Akka.NET: nobody knows any more what its state should be. Who made it
/// watches it, and may make it again.
/// </remarks>
public abstract class PersistentActor(PersistenceServices persistence) : ReceiveActor
{
    /// <summary>Events that are in memory at once while recovering.</summary>
    private const int ReplayBatch = 500;

    private readonly Dictionary<Type, Action<object>> _recover = [];
    private Phase _phase = Phase.Recovering;

    /// <summary>Of the newest snapshot, intact or not.</summary>
    private DateTimeOffset _lastSnapshotAt = DateTimeOffset.MinValue;

    /// <summary>The message in hand waits for the recovery, and all others behind it.</summary>
    private Promise<Unit> _held;

    private enum Phase
    {
        Recovering,
        Ready,
        Persisting,
        Ended,
    }

    /// <summary>Under which its events and snapshots are stored: the same in every incarnation, and nobody else's.</summary>
    protected abstract string PersistenceId { get; }

    /// <summary>Of the last event that was persisted or recovered; 0 for none.</summary>
    protected long LastSequence { get; private set; }

    protected bool IsRecovering => _phase == Phase.Recovering;

    /// <summary>
    /// Handles, while recovering, events of exactly this type; or <see cref="SnapshotOffer"/>, <see cref="SnapshotDamaged"/> and
    /// <see cref="RecoveryCompleted"/>, of which the last two need no handler.
    /// </summary>
    protected void Recover<T>(Action<T> handler)
        where T : notnull => _recover.Add(typeof(T), recovered => handler((T)recovered));

    /// <summary>
    /// Stores the event, then calls the handler with it: the one that changes the state, and that <see cref="Recover{T}"/> calls too. Await it.
    /// The mailbox waits meanwhile. One at a time: a spawned loop tells its actor a message instead.
    /// </summary>
    protected ActorTask Persist<T>(T @event, Action<T> handler)
        where T : notnull => PersistAll([@event], handler);

    /// <summary>As <see cref="Persist{T}"/>: all of them are stored, or none; then the handler is called with each.</summary>
    protected async ActorTask PersistAll<T>(IReadOnlyList<T> events, Action<T> handler)
        where T : notnull
    {
        RequireReady();
        if (events.Count == 0)
        {
            return;
        }

        ImmutableArray<StoredRecord> records =
            [.. events.Select((@event, index) => persistence.Types.Write(PersistenceId, LastSequence + 1 + index, Context.Now, @event))];
        _phase = Phase.Persisting;
        try
        {
            await PatientlyAsync(() => persistence.Journal.AppendAsync(records));
        }
        catch (Exception error)
        {
            _phase = Phase.Ended;
            OnPersistFailure(error, events[0], records[0].Sequence);
            Context.Stop(Self);
            await Context.Delay(TimeSpan.Zero); // The stop comes first: a failure of an actor that stops is logged, and nobody restarts it.
            throw;
        }

        _phase = Phase.Ready;
        foreach (T @event in events)
        {
            LastSequence++;
            handler(@event);
        }
    }

    /// <summary>
    /// Stores the state as it is now, as of <see cref="LastSequence"/>; only the newest <see cref="PersistenceServices.Keep"/> are kept. Turned into JSON
    /// at once, written while the actor goes on; <see cref="SaveSnapshotSuccess"/> or <see cref="SaveSnapshotFailure"/> comes as a message.
    /// </summary>
    protected void SaveSnapshot(object state)
    {
        ArgumentNullException.ThrowIfNull(state);
        RequireRecovered();

        // Two of one instant are two, and a clock that was set back between two processes makes no new one older than an old one.
        _lastSnapshotAt = Context.Now > _lastSnapshotAt ? Context.Now : _lastSnapshotAt.AddTicks(1);
        StoredRecord record = persistence.Types.Write(PersistenceId, LastSequence, _lastSnapshotAt, state);
        SnapshotMetadata snapshot = SnapshotMetadata.Of(record);
        Answer(
            async () => new SaveSnapshotSuccess(snapshot, await PatientlyAsync(() => persistence.Snapshots.SaveSnapshotAsync(record, persistence.Keep))),
            error => new SaveSnapshotFailure(snapshot, error));
    }

    /// <summary>Deletes the snapshots up to that sequence; <see cref="DeleteSnapshotsSuccess"/> or <see cref="DeleteSnapshotsFailure"/> comes as a message.</summary>
    protected void DeleteSnapshots(long toSequence)
    {
        RequireRecovered();
        Answer(
            async () =>
            {
                await PatientlyAsync(() => persistence.Snapshots.DeleteSnapshotsAsync(PersistenceId, toSequence));
                return new DeleteSnapshotsSuccess(toSequence);
            },
            error => new DeleteSnapshotsFailure(toSequence, error));
    }

    /// <summary>
    /// Deletes the events up to that sequence; <see cref="DeleteEventsSuccess"/> or <see cref="DeleteEventsFailure"/> comes as a message. A recovery needs
    /// those after the oldest snapshot that it may have to fall back to: <see cref="SaveSnapshotSuccess.OldestKept"/> is safe.
    /// </summary>
    protected void DeleteEvents(long toSequence)
    {
        RequireRecovered();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(toSequence, LastSequence);
        Answer(
            async () =>
            {
                await PatientlyAsync(() => persistence.Journal.DeleteEventsAsync(PersistenceId, toSequence));
                return new DeleteEventsSuccess(toSequence);
            },
            error => new DeleteEventsFailure(toSequence, error));
    }

    /// <summary>The event may or may not be stored. The actor stops after this. By default it is logged.</summary>
    protected virtual void OnPersistFailure(Exception cause, object @event, long sequence) =>
        Context.System.Log.Write(LogLevel.Error, Self.Path, $"Event {sequence} ({@event.GetType().Name}) could not be persisted; stops.", cause);

    /// <summary>The state could not be brought back. The actor stops after this. By default it is logged.</summary>
    protected virtual void OnRecoveryFailure(Exception cause) =>
        Context.System.Log.Write(LogLevel.Error, Self.Path, $"'{PersistenceId}' could not be recovered; stops.", cause);

    protected sealed override void PreStart() => Context.Spawn(RecoverAsync);

    protected sealed override ActorTask OnReceive(object message)
    {
        switch (_phase)
        {
            case Phase.Recovering:
                return HoldAsync(message);
            case Phase.Ended:
                Context.System.DeadLetters.Tell(message, Sender);
                return ActorTask.CompletedTask;
            default:
                return base.OnReceive(message);
        }
    }

    /// <summary>Who does not care that something was stored or deleted needs no handler for it.</summary>
    protected override void Unhandled(object message)
    {
        switch (message)
        {
            case SaveSnapshotSuccess or DeleteSnapshotsSuccess or DeleteEventsSuccess:
                break;
            case SaveSnapshotFailure failure:
                Warn($"The snapshot of event {failure.Metadata.Sequence} could not be stored.", failure.Cause);
                break;
            case DeleteSnapshotsFailure failure:
                Warn($"The snapshots up to event {failure.ToSequence} could not be deleted.", failure.Cause);
                break;
            case DeleteEventsFailure failure:
                Warn($"The events up to {failure.ToSequence} could not be deleted.", failure.Cause);
                break;
            default:
                base.Unhandled(message);
                break;
        }
    }

    private async ActorTask HoldAsync(object message)
    {
        _held = Promise<Unit>.Rent();
        await _held.Task;
        await OnReceive(message);
    }

    private async ActorTask RecoverAsync()
    {
        try
        {
            await ReplayAsync();
            Offer(RecoveryCompleted.Instance, isNeeded: false);
            _phase = Phase.Ready;
        }
        catch (Exception error)
        {
            _phase = Phase.Ended;
            OnRecoveryFailure(error);
            Context.Stop(Self);
        }

        _held.TrySetResult(default);
    }

    private async ActorTask ReplayAsync()
    {
        SnapshotReading reading = await PatientlyAsync(() => persistence.Snapshots.ReadSnapshotAsync(PersistenceId));
        foreach (SnapshotDamaged damaged in reading.Damaged)
        {
            Remember(damaged.Snapshot);
            Warn($"The snapshot of event {damaged.Snapshot.Sequence}, made {damaged.Snapshot.At:u}, is damaged ({damaged.Reason}); using the one before it.");
            Offer(damaged, isNeeded: false);
        }

        if (reading.Snapshot is { } snapshot)
        {
            Offer(new SnapshotOffer(SnapshotMetadata.Of(snapshot), persistence.Types.Read(snapshot, "snapshot")));
            LastSequence = snapshot.Sequence;
            Remember(SnapshotMetadata.Of(snapshot));
        }

        ImmutableArray<StoredRecord> events;
        do
        {
            events = await PatientlyAsync(() => persistence.Journal.ReadEventsAsync(PersistenceId, LastSequence + 1, ReplayBatch));
            foreach (StoredRecord stored in events)
            {
                RequireNoneMissingBefore(stored.Sequence);
                Offer(persistence.Types.Read(stored, "event"));
                LastSequence++;
            }
        }
        while (events.Length == ReplayBatch);

        // A snapshot is made of events that were stored; even if it cannot be read, it says how many there were.
        RequireNoneMissingBefore(reading.Damaged.Select(damaged => damaged.Snapshot.Sequence).DefaultIfEmpty(0).Max() + 1);
    }

    private void Remember(SnapshotMetadata snapshot) => _lastSnapshotAt = snapshot.At > _lastSnapshotAt ? snapshot.At : _lastSnapshotAt;

    private void RequireNoneMissingBefore(long sequence)
    {
        if (sequence > LastSequence + 1)
        {
            throw new PersistenceException(
                PersistenceProblem.Damaged,
                $"Events {LastSequence + 1} to {sequence - 1} of '{PersistenceId}' are missing, and no intact snapshot has them. Restore the database from a copy, or begin anew under another id.");
        }
    }

    private void Offer(object recovered, bool isNeeded = true)
    {
        if (_recover.TryGetValue(recovered.GetType(), out Action<object>? handler))
        {
            handler(recovered);
        }
        else if (isNeeded)
        {
            throw new InvalidOperationException($"{GetType().Name} has no Recover handler for {recovered.GetType().Name}.");
        }
    }

    private void Answer<T>(Func<ActorTask<T>> work, Func<Exception, object> onFailure)
        where T : notnull => Context.Spawn(async () =>
        {
            object answer;
            try
            {
                answer = await work();
            }
            catch (PersistenceException error)
            {
                answer = onFailure(error);
            }

            Self.Tell(answer, Self);
        });

    private async ActorTask PatientlyAsync(Func<ActorTask> attempt) => await PatientlyAsync<Unit>(async () =>
    {
        await attempt();
        return default;
    });

    private async ActorTask<T> PatientlyAsync<T>(Func<ActorTask<T>> attempt)
    {
        TimeSpan until = Context.Uptime + persistence.Patience;
        for (bool isFirst = true; ; isFirst = false)
        {
            try
            {
                return await attempt();
            }
            catch (PersistenceException error) when (error.IsTransient && Context.Uptime < until)
            {
                if (isFirst)
                {
                    Warn($"Tries again for {persistence.Patience.TotalSeconds:0} s. {error.Message}");
                }
            }

            await Context.Delay(persistence.Pause);
        }
    }

    private void Warn(string message, Exception? error = null) => Context.System.Log.Write(LogLevel.Warning, Self.Path, message, error);

    private void RequireRecovered()
    {
        if (_phase is Phase.Recovering or Phase.Ended)
        {
            throw new InvalidOperationException($"'{PersistenceId}' is {(_phase == Phase.Ended ? "stopping" : "recovering")}: it stores nothing now.");
        }
    }

    private void RequireReady()
    {
        RequireRecovered();
        if (_phase == Phase.Persisting)
        {
            throw new InvalidOperationException($"'{PersistenceId}' is persisting already. Await it, or tell the actor a message.");
        }
    }
}
