namespace Simulation.Persistence;

/// <summary>What a <see cref="PersistentActor"/> needs.</summary>
/// <param name="Journal">Of its events.</param>
/// <param name="Snapshots">Of its snapshots; often the same object.</param>
/// <param name="Types">Every event and snapshot that it stores.</param>
public sealed record PersistenceServices(IJournal Journal, ISnapshotStore Snapshots, StoredTypes Types)
{
    /// <summary>Snapshots to keep, at least 1; 3 by default. Older ones go when a new one is stored.</summary>
    public int Keep { get; init; } = 3;

    /// <summary>How long what fails with <see cref="PersistenceException.IsTransient"/> is tried again; 30 s by default. The mailbox waits meanwhile.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Pause before such a trial; 250 ms by default.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(250);
}
