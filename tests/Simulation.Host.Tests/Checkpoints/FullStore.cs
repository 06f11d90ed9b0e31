using System.Collections.Immutable;
using Simulation.Kernel;
using Simulation.Persistence;

namespace Simulation.Host.Tests.Checkpoints;

/// <summary>A store that has no room while <see cref="IsFull"/>.</summary>
internal sealed class FullStore(VirtualStore store) : IJournal, ISnapshotStore
{
    public bool IsFull { get; set; }

    public async ActorTask AppendAsync(ImmutableArray<StoredRecord> events)
    {
        MakeSureOfRoom();
        await store.AppendAsync(events);
    }

    public async ActorTask<long> SaveSnapshotAsync(StoredRecord snapshot, int keep)
    {
        MakeSureOfRoom();
        return await store.SaveSnapshotAsync(snapshot, keep);
    }

    public ActorTask<ImmutableArray<StoredRecord>> ReadEventsAsync(string persistenceId, long fromSequence, int most) => store.ReadEventsAsync(persistenceId, fromSequence, most);

    public ActorTask DeleteEventsAsync(string persistenceId, long toSequence) => store.DeleteEventsAsync(persistenceId, toSequence);

    public ActorTask<SnapshotReading> ReadSnapshotAsync(string persistenceId) => store.ReadSnapshotAsync(persistenceId);

    public ActorTask DeleteSnapshotsAsync(string persistenceId, long toSequence) => store.DeleteSnapshotsAsync(persistenceId, toSequence);

    private void MakeSureOfRoom()
    {
        if (IsFull)
        {
            throw new PersistenceException(PersistenceProblem.Full, "The disk is full. Make room on it.");
        }
    }
}
