using Simulation.Chaos;
using Simulation.Host.Configuration;
using Simulation.Host.Virtual;

namespace Simulation.Host.Run;

/// <summary>What can be broken with this configuration, on this machine.</summary>
internal static class Capabilities
{
    /// <returns>Null when it can be done; otherwise why not, and what would be needed.</returns>
    public static string? WhyNot(SimulationConfig config, FaultSettings fault) =>
        config.Simulation.World == RunWorld.Virtual ? VirtualFaults.WhyNot(fault.Kind, config) : RealFaults.WhyNot(config, fault);
}
