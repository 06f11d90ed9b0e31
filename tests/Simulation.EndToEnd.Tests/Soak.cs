namespace Simulation.EndToEnd.Tests;

/// <summary>Tests that take minutes run only when asked for: <c>SIMULATION_SOAK=1 dotnet test --filter Category=Soak</c>.</summary>
internal static class Soak
{
    public static void Require() =>
        Skip.If(Environment.GetEnvironmentVariable("SIMULATION_SOAK") is null, "takes minutes; set SIMULATION_SOAK=1 to run it");
}
