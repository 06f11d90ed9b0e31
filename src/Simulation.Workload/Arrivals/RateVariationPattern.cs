namespace Simulation.Workload;

/// <summary>What a rate multiplier covers.</summary>
public enum RateVariationPattern
{
    /// <summary>All partitions of all producers move together.</summary>
    Global,
}
