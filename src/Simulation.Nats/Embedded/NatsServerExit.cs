namespace Simulation.Nats.Embedded;

/// <summary>How one incarnation of a server process ended.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Incarnation">1 for the first start, counted up by every restart.</param>
/// <param name="ExitCode">128 and the signal's number after a signal: 137 for SIGKILL.</param>
/// <param name="Expected">It was stopped or killed through <see cref="EmbeddedNatsServer"/>.</param>
/// <param name="LastLogLines">What this incarnation logged last.</param>
public sealed record NatsServerExit(string Server, int Incarnation, int ExitCode, bool Expected, string LastLogLines);
