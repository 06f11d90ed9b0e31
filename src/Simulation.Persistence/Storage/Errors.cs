namespace Simulation.Persistence;

/// <summary>What every store says in the same words.</summary>
internal static class Errors
{
    public static PersistenceException Closed(string location) => new(PersistenceProblem.Refused, $"{location} is closed. Open it again.");

    public static PersistenceException Conflict(StoredRecord stored, string location, bool isOwn) => new(
        PersistenceProblem.Conflict,
        $"Event {stored.Sequence} of '{stored.PersistenceId}' in {location} was written by {(isOwn ? "an earlier try" : "another process")}. Only one may write under this id: end the other one, and begin again.");
}
