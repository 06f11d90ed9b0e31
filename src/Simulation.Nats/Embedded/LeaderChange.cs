namespace Simulation.Nats.Embedded;

/// <summary>A leader was told to step down, and did.</summary>
/// <param name="Group">What it led, in words: <c>stream SIMULATION</c>.</param>
/// <param name="From">Name of the server that stepped down.</param>
/// <param name="To">Who leads now; null when nobody did within the time given.</param>
public sealed record LeaderChange(string Group, string From, string? To);
