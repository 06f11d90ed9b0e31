namespace Simulation.Chaos;

/// <summary>Where a kind of fault makes sense. Whether a certain machine can do it is the injector's to say.</summary>
[Flags]
public enum FaultWorlds
{
    Real = 1,
    Virtual = 2,
    Both = Real | Virtual,
}
