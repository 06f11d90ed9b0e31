using System.Collections.Immutable;

namespace Simulation.Persistence;

/// <summary>
/// What is on the disk of the virtual world: events and snapshots that have been written. It outlives the <see cref="VirtualStore"/>s that write to it,
/// as a disk outlives processes. Its rules are those of <see cref="SqlStore"/>.
/// </summary>
public sealed class VirtualDisk
{
    private readonly SortedDictionary<string, Shelf> _shelves = new(StringComparer.Ordinal);
    private int _writers;

    /// <summary>The newest snapshot is no more what was written. Nothing when there is none.</summary>
    public void DamageNewestSnapshot(string persistenceId)
    {
        List<Snapshot> snapshots = ShelfOf(persistenceId).Snapshots;
        if (snapshots.Count > 0)
        {
            snapshots[^1] = snapshots[^1] with { IsDamaged = true };
        }
    }

    internal int NextWriter() => ++_writers;

    internal void Append(int writer, ImmutableArray<StoredRecord> events)
    {
        SortedList<long, Event> kept = ShelfOf(events[0].PersistenceId).Events;
        foreach (StoredRecord stored in events)
        {
            if (kept.TryGetValue(stored.Sequence, out Event? before) && (before.Writer != writer || before.Record != stored))
            {
                throw Errors.Conflict(stored, nameof(VirtualDisk), isOwn: before.Writer == writer);
            }
        }

        foreach (StoredRecord stored in events)
        {
            kept[stored.Sequence] = new Event(stored, writer);
        }
    }

    internal ImmutableArray<StoredRecord> ReadEvents(string persistenceId, long fromSequence, int most) =>
        [.. ShelfOf(persistenceId).Events.Values.Select(kept => kept.Record).SkipWhile(stored => stored.Sequence < fromSequence).Take(most)];

    internal void DeleteEvents(string persistenceId, long toSequence)
    {
        SortedList<long, Event> kept = ShelfOf(persistenceId).Events;
        while (kept.Count > 1 && kept.GetKeyAtIndex(0) <= toSequence)
        {
            kept.RemoveAt(0);
        }
    }

    internal long SaveSnapshot(StoredRecord snapshot, int keep)
    {
        List<Snapshot> kept = ShelfOf(snapshot.PersistenceId).Snapshots;
        kept.RemoveAll(other => other.Order == (snapshot.Sequence, snapshot.At));
        kept.Add(new Snapshot(snapshot, IsDamaged: false));
        kept.Sort((a, b) => a.Order.CompareTo(b.Order));
        kept.RemoveRange(0, Math.Max(0, kept.Count - keep));
        return kept[0].Record.Sequence;
    }

    internal SnapshotReading ReadSnapshot(string persistenceId)
    {
        List<Snapshot> kept = ShelfOf(persistenceId).Snapshots;
        return new SnapshotReading(
            kept.LastOrDefault(snapshot => !snapshot.IsDamaged)?.Record,
            [.. Enumerable.Reverse(kept).TakeWhile(snapshot => snapshot.IsDamaged)
                .Select(snapshot => new SnapshotDamaged(SnapshotMetadata.Of(snapshot.Record), "its checksum is wrong"))]);
    }

    internal void DeleteSnapshots(string persistenceId, long toSequence) =>
        ShelfOf(persistenceId).Snapshots.RemoveAll(snapshot => snapshot.Record.Sequence <= toSequence);

    internal ImmutableArray<PersistenceSummary> List() =>
        [.. _shelves.Where(shelf => shelf.Value.Records.Any()).Select(shelf => new PersistenceSummary(
            shelf.Key,
            shelf.Value.Records.Max(record => record.Sequence),
            shelf.Value.Events.Count,
            shelf.Value.Snapshots.Count,
            shelf.Value.Records.Max(record => record.At),
            shelf.Value.Records.Sum(record => (long)record.Json.Length)))];

    internal void Remove(string persistenceId) => _shelves.Remove(persistenceId);

    private Shelf ShelfOf(string persistenceId)
    {
        if (!_shelves.TryGetValue(persistenceId, out Shelf? shelf))
        {
            _shelves.Add(persistenceId, shelf = new Shelf());
        }

        return shelf;
    }

    private sealed record Event(StoredRecord Record, int Writer);

    private sealed record Snapshot(StoredRecord Record, bool IsDamaged)
    {
        public (long, DateTimeOffset) Order => (Record.Sequence, Record.At);
    }

    private sealed class Shelf
    {
        public SortedList<long, Event> Events { get; } = [];

        /// <summary>Oldest first.</summary>
        public List<Snapshot> Snapshots { get; } = [];

        public IEnumerable<StoredRecord> Records => Events.Values.Select(kept => kept.Record).Concat(Snapshots.Select(kept => kept.Record));
    }
}
