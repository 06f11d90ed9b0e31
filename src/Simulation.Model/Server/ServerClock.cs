namespace Simulation.Model;

/// <summary>A server's wall clock: stands still until the server is told that time has passed.</summary>
internal sealed class ServerClock
{
    public DateTimeOffset Now { get; set; }
}
