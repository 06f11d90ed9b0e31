using Simulation.Kernel;

namespace Simulation.Persistence;

/// <summary>How the store of the virtual world behaves when nothing rare happens.</summary>
public sealed record VirtualStoreOptions
{
    /// <summary>What a call takes; 0.5 to 5 ms by default, drawn for each.</summary>
    public DurationRange Latency { get; init; } = new(TimeSpan.FromMicroseconds(500), TimeSpan.FromMilliseconds(5));
}
