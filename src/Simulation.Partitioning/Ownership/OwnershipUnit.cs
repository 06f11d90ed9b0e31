namespace Simulation.Partitioning;

/// <summary>What one worker owns as a whole: a partition, or a group of neighbouring partitions.</summary>
/// <param name="Id">0 to count - 1, without holes.</param>
/// <param name="FirstPartition">Lowest partition id in it.</param>
/// <param name="PartitionCount">How many partitions follow from there, at least 1.</param>
/// <param name="Weight">Sum of its partitions' weights.</param>
public readonly record struct OwnershipUnit(int Id, int FirstPartition, int PartitionCount, double Weight)
{
    public IEnumerable<int> Partitions => Enumerable.Range(FirstPartition, PartitionCount);
}
