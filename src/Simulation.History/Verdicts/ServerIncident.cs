namespace Simulation.History;

/// <summary>A server of the run died, came back, or did not.</summary>
/// <param name="At">When it was over.</param>
/// <param name="What">In words.</param>
/// <param name="Away">For how long nobody could use it.</param>
public sealed record ServerIncident(DateTimeOffset At, string What, TimeSpan Away);
