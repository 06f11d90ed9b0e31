namespace Simulation.Nats.Embedded;

/// <summary>No usable nats-server: says what was tried, and what to do.</summary>
public sealed class NatsServerNotFoundException(string problem, string remedy) : Exception($"{problem} {remedy}")
{
    public string Problem { get; } = problem;

    public string Remedy { get; } = remedy;
}
