namespace Simulation.Partitioning;

/// <summary>How partitions are mapped to durable consumers, and with that what the smallest thing is that a worker can own.</summary>
public enum ConsumerLayout
{
    /// <summary>One durable a partition, pulled by the partition's owner.</summary>
    PerPartition,

    /// <summary>One durable a fixed group of neighbouring partitions, owned as a whole.</summary>
    PerGroup,

    /// <summary>One durable a worker, whose list of filters changes at every rebalance. Loses or repeats messages; see ARCHITECTURE.md.</summary>
    PerWorker,
}
