using System.Collections.Immutable;

namespace Simulation.Persistence;

/// <param name="Snapshot">Null when there is none that is intact.</param>
/// <param name="Damaged">Newer ones that were passed over, newest first.</param>
public sealed record SnapshotReading(StoredRecord? Snapshot, ImmutableArray<SnapshotDamaged> Damaged);

/// <summary>A snapshot is not what was written; the one before it is used instead. Told to the actor before the recovery goes on.</summary>
/// <param name="Snapshot">Which one.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record SnapshotDamaged(SnapshotMetadata Snapshot, string Reason);

/// <param name="PersistenceId">Whose it is.</param>
/// <param name="Sequence">The last event in it; 0 for none.</param>
/// <param name="At">When it was made.</param>
public sealed record SnapshotMetadata(string PersistenceId, long Sequence, DateTimeOffset At)
{
    internal static SnapshotMetadata Of(StoredRecord snapshot) => new(snapshot.PersistenceId, snapshot.Sequence, snapshot.At);
}
