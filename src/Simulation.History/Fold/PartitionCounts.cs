namespace Simulation.History;

/// <param name="Partition">Which.</param>
/// <param name="Sent">Messages acknowledged by the server.</param>
/// <param name="Received">Messages processed, each counted once.</param>
public readonly record struct PartitionCounts(int Partition, long Sent, long Received)
{
    /// <summary>Messages missing now below the highest delivery.</summary>
    public long Missing { get; init; }
}
