namespace Simulation.Host.Thresholds;

using Simulation.History;
using Simulation.Host.Configuration.Schema;

/// <summary>Which seconds of a run a threshold looks at.</summary>
public enum ThresholdScope
{
    /// <summary>From the first message to the end of the drain.</summary>
    All,

    /// <summary>Messages are sent, nothing is broken, and the run is well again after everything that was.</summary>
    Steady,

    /// <summary>A fault is going on.</summary>
    [Spelling("during-fault")]
    DuringFault,

    /// <summary>A fault is over, and the run is not well again yet.</summary>
    Recovery,
}

internal static class ThresholdScopes
{
    public static bool Covers(this ThresholdScope scope, RunSecond second) => scope switch
    {
        ThresholdScope.Steady => second.Scope == RunScope.Steady,
        ThresholdScope.DuringFault => second.Scope == RunScope.DuringFault,
        ThresholdScope.Recovery => second.Scope == RunScope.Recovery,
        _ => second.Scope != RunScope.Outside,
    };
}
