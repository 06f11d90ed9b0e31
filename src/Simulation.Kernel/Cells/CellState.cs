namespace Simulation.Kernel;

internal enum CellState
{
    /// <summary>Handles messages; or has not had its first turn.</summary>
    Running,

    /// <summary>Waits for its supervisor's directive; messages and continuations wait too.</summary>
    Failed,

    /// <summary>The old incarnation is gone; waits for children that it stopped, or for the pause before the new one.</summary>
    Restarting,

    /// <summary>Waits for its children to end.</summary>
    Stopping,

    /// <summary>Gone. Whatever still comes is a dead letter.</summary>
    Terminated,
}
