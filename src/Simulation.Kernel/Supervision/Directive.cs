namespace Simulation.Kernel;

/// <summary>What a supervisor does about a failed child.</summary>
public enum Directive
{
    /// <summary>The child goes on with the next message, its state as it is.</summary>
    Resume,

    /// <summary>A new incarnation takes over the mailbox; awaits, loops and timers of the old one are dropped.</summary>
    Restart,

    /// <summary>The child stops for good.</summary>
    Stop,

    /// <summary>The supervisor itself fails with the child's error. At the root, the system fails.</summary>
    Escalate,
}
