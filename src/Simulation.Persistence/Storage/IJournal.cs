using System.Collections.Immutable;
using Simulation.Kernel;

namespace Simulation.Persistence;

/// <summary>
/// Where events are kept. What is called here is done in the order of the calls, and confirmed when it would survive a power loss.
/// Everything may be called again after a failure that leaves the outcome unknown: done twice, it is done once.
/// </summary>
/// <remarks>All methods fail with <see cref="PersistenceException"/>.</remarks>
public interface IJournal
{
    /// <summary>Stores them all, or none. They are of one persistence id, and their sequences follow each other.</summary>
    /// <exception cref="PersistenceException"><see cref="PersistenceProblem.Conflict"/>: somebody else has written one of these sequences.</exception>
    ActorTask AppendAsync(ImmutableArray<StoredRecord> events);

    /// <summary>The events from that sequence on, in order, at most so many; fewer only at the end.</summary>
    /// <exception cref="PersistenceException"><see cref="PersistenceProblem.Damaged"/>: one of them is not what was written.</exception>
    ActorTask<ImmutableArray<StoredRecord>> ReadEventsAsync(string persistenceId, long fromSequence, int most);

    /// <summary>Deletes the events up to that sequence, except the newest one of all: its number must not be given again.</summary>
    ActorTask DeleteEventsAsync(string persistenceId, long toSequence);
}
