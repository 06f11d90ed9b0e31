namespace Simulation.Host.Exploring;

/// <summary>How one seed ended.</summary>
internal enum SeedOutcome
{
    Passed,

    /// <summary>A promise was broken.</summary>
    Violated,

    /// <summary>Everything had healed, and what was pending was not processed within the bound. A violation, too: of liveness.</summary>
    Stuck,

    /// <summary>Nothing is wrong, and not everything is known.</summary>
    Inconclusive,

    /// <summary>The harness itself failed.</summary>
    Failed,
}
