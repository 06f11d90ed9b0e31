namespace Simulation.Testing;

/// <summary>For tests that hold in both worlds: <c>[Theory] [InlineData(World.Real)] [InlineData(World.Virtual)]</c>.</summary>
public enum World
{
    Real,
    Virtual,
}
