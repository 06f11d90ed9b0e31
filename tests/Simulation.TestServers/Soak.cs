using Xunit;

namespace Simulation.TestServers;

/// <summary>Tests that take long run only when asked for: <c>SIMULATION_SOAK=1 dotnet test --filter Category=Soak</c>.</summary>
public static class Soak
{
    public static void Require(string takes = "minutes") =>
        Skip.If(Environment.GetEnvironmentVariable("SIMULATION_SOAK") is null, $"takes {takes}; set SIMULATION_SOAK=1 to run it");
}
