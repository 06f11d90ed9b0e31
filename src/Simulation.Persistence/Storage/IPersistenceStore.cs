using System.Collections.Immutable;
using Simulation.Kernel;

namespace Simulation.Persistence;

/// <summary>A journal and a snapshot store in one place, for any number of persistence ids.</summary>
public interface IPersistenceStore : IJournal, ISnapshotStore, IAsyncDisposable
{
    /// <summary>For people: the database, without its password.</summary>
    string Location { get; }

    /// <summary>Everything there is, in ordinal order of the ids.</summary>
    ActorTask<ImmutableArray<PersistenceSummary>> ListAsync();

    /// <summary>Deletes all events and snapshots of that id. Its numbers begin at 1 again.</summary>
    ActorTask RemoveAsync(string persistenceId);
}

/// <summary>What is kept under one persistence id.</summary>
/// <param name="PersistenceId">Whose it is.</param>
/// <param name="LastSequence">The newest event, or the newest snapshot's if that is higher.</param>
/// <param name="Events">How many are kept.</param>
/// <param name="Snapshots">How many are kept.</param>
/// <param name="LastAt">When the newest of them was made.</param>
/// <param name="Bytes">What their JSON takes, a character counted as a byte.</param>
public sealed record PersistenceSummary(string PersistenceId, long LastSequence, long Events, long Snapshots, DateTimeOffset LastAt, long Bytes);
