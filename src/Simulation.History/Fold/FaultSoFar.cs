namespace Simulation.History;

/// <summary>How far a fault of the plan had come.</summary>
/// <param name="Number">In the plan.</param>
/// <param name="Planned">As the plan had it; null for what is in none.</param>
/// <param name="IsSettled">It is known to have bitten, or to have missed.</param>
/// <param name="IsOver">It was undone; or it never began.</param>
/// <param name="BeganAt">The last time; null when it never did.</param>
public readonly record struct FaultSoFar(long Number, string? Planned, bool IsSettled, bool IsOver, DateTimeOffset? BeganAt);
