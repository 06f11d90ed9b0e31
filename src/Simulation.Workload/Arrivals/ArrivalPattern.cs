namespace Simulation.Workload;

/// <summary>When the messages of a partition are sent.</summary>
public enum ArrivalPattern
{
    /// <summary>
    /// Evenly spaced, each partition with a phase of its own. Every window holds the expected number of messages to within one, so a
    /// silence or a burst on the other side is the system's doing and never chance's, and a partition of any rate is heard from regularly.
    /// </summary>
    Even,

    /// <summary>A Poisson process, which clumps as independent users do: for queues that must absorb chance bursts.</summary>
    Poisson,

    /// <summary>As fast as publishes are accepted, partition after partition; rates and weights do not apply. For benchmarks.</summary>
    Unthrottled,
}
