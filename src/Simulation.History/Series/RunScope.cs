namespace Simulation.History;

/// <summary>What kind of time a second of a run was.</summary>
public enum RunScope
{
    /// <summary>Before messages are sent, and after the drain.</summary>
    Outside,

    /// <summary>Messages are sent, nothing is broken, and the run is well again after everything that was.</summary>
    Steady,

    /// <summary>A fault was going on at some time of it.</summary>
    DuringFault,

    /// <summary>
    /// A fault is over, and it is not on record yet that publishing, ownership and backlog are as before, or messages are published that were
    /// due more than a second ago.
    /// </summary>
    Recovery,

    /// <summary>Nothing new is sent; what is left is processed.</summary>
    Draining,
}
