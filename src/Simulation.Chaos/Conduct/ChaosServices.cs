using Simulation.History;
using Simulation.Kernel;

namespace Simulation.Chaos;

/// <summary>What carrying out a plan needs.</summary>
/// <param name="Coordinator">Of the run: tells its phases, and how it stands.</param>
/// <param name="Injector">Makes the faults happen.</param>
/// <param name="History">Where the chaos actor's own log goes.</param>
/// <param name="Telemetry">For metrics.</param>
public sealed record ChaosServices(IActorRef Coordinator, IFaultInjector Injector, IHistoryStore History, IChaosTelemetry Telemetry)
{
    /// <summary>How often it looks whether the run is well again, while it is not. Default 250 ms.</summary>
    public TimeSpan LookInterval { get; init; } = TimeSpan.FromMilliseconds(250);
}
