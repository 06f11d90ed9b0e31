namespace Simulation.Kernel;

/// <summary>What a supervisor knows of one child.</summary>
internal sealed class Child(ActorCell cell)
{
    internal ActorCell Cell => cell;

    internal FailureRecord Failures { get; } = new();

    /// <summary>It was told to stop, or killed.</summary>
    internal bool IsStopping { get; set; }

    /// <summary>It waits for the directive that its supervisor itself waits for.</summary>
    internal bool IsEscalated { get; set; }
}
