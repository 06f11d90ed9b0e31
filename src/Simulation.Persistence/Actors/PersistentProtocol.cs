namespace Simulation.Persistence;

/// <summary>In a recovery: the newest snapshot, before the events after it.</summary>
public sealed record SnapshotOffer(SnapshotMetadata Metadata, object Snapshot);

/// <summary>In a recovery: that was the last event. Commands that have waited come next.</summary>
public sealed record RecoveryCompleted
{
    private RecoveryCompleted()
    {
    }

    public static RecoveryCompleted Instance { get; } = new();
}

/// <summary>Answers <see cref="PersistentActor.SaveSnapshot"/>.</summary>
/// <param name="Metadata">Of the snapshot.</param>
/// <param name="OldestKept">The sequence of the oldest snapshot that is kept: events up to there are needed no more.</param>
public sealed record SaveSnapshotSuccess(SnapshotMetadata Metadata, long OldestKept);

/// <inheritdoc cref="SaveSnapshotSuccess"/>
public sealed record SaveSnapshotFailure(SnapshotMetadata Metadata, Exception Cause);

/// <summary>Answers <see cref="PersistentActor.DeleteSnapshots"/>.</summary>
public sealed record DeleteSnapshotsSuccess(long ToSequence);

/// <inheritdoc cref="DeleteSnapshotsSuccess"/>
public sealed record DeleteSnapshotsFailure(long ToSequence, Exception Cause);

/// <summary>Answers <see cref="PersistentActor.DeleteEvents"/>.</summary>
public sealed record DeleteEventsSuccess(long ToSequence);

/// <inheritdoc cref="DeleteEventsSuccess"/>
public sealed record DeleteEventsFailure(long ToSequence, Exception Cause);
