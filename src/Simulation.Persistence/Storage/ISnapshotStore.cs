using Simulation.Kernel;

namespace Simulation.Persistence;

/// <summary>Where snapshots are kept; see <see cref="IJournal"/> for what holds of every call.</summary>
public interface ISnapshotStore
{
    /// <summary>Stores it and deletes all but the newest <paramref name="keep"/>, in one step.</summary>
    /// <returns>The sequence of the oldest one that is kept: events up to there are needed no more.</returns>
    ActorTask<long> SaveSnapshotAsync(StoredRecord snapshot, int keep);

    /// <summary>The newest one that is what was written, and those newer ones that are not.</summary>
    ActorTask<SnapshotReading> ReadSnapshotAsync(string persistenceId);

    /// <summary>Deletes the snapshots up to that sequence.</summary>
    ActorTask DeleteSnapshotsAsync(string persistenceId, long toSequence);
}
