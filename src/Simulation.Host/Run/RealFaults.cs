using Simulation.Chaos;

namespace Simulation.Host.Run;

/// <summary>What can be broken in the real world.</summary>
internal static class RealFaults
{
    /// <returns>Null when it can be done; otherwise why not, and what would be needed.</returns>
    public static string? WhyNot(FaultKind kind) =>
        ParticipantFaults.Supported.Contains(kind) ? null : "not built yet in the real world";
}
