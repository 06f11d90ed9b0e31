namespace Simulation.Persistence;

/// <summary>An event or a snapshot as it is stored.</summary>
/// <param name="PersistenceId">Whose it is.</param>
/// <param name="Sequence">Of an event, its number: 1, 2, 3 … without holes. Of a snapshot, the number of the last event in it; 0 for none.</param>
/// <param name="At">When it was made, by the writer's clock, in UTC.</param>
/// <param name="Type">The stored name of what is in <paramref name="Json"/>; see <see cref="StoredTypes"/>.</param>
/// <param name="Version">Of that type.</param>
/// <param name="Json">What it says, to be read by people too.</param>
public sealed record StoredRecord(string PersistenceId, long Sequence, DateTimeOffset At, string Type, int Version, string Json);
