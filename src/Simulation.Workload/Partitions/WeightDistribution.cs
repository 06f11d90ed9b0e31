namespace Simulation.Workload;

/// <summary>How the load is shared among the partitions.</summary>
public enum WeightDistribution
{
    /// <summary>Every partition has weight 1.</summary>
    Uniform,

    /// <summary>A few partitions are extremely heavy; see <see cref="ExponentialWeightOptions"/>.</summary>
    Exponential,
}
