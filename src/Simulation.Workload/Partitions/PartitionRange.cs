namespace Simulation.Workload;

/// <summary>Neighbouring partitions, from <paramref name="First"/> on.</summary>
public readonly record struct PartitionRange(int First, int Count)
{
    /// <summary>One past the last.</summary>
    public int End => First + Count;

    public bool Contains(int partition) => partition >= First && partition < End;

    public override string ToString() => Count == 0 ? "none" : $"{First}-{End - 1}";
}
