namespace Simulation.Workload;

/// <summary>The partitions of one producer: neighbouring ones from the start, and every so-manieth of those that may be added. Slots number them from 0.</summary>
/// <param name="Range">From the start.</param>
/// <param name="FirstAdded">The lowest that may be added.</param>
/// <param name="Step">From one that may be added to the next.</param>
/// <param name="Added">How many may be added.</param>
public readonly record struct ProducerShare(PartitionRange Range, int FirstAdded, int Step, int Added)
{
    public int Count => Range.Count + Added;

    public int this[int slot] => slot < Range.Count ? Range.First + slot : FirstAdded + ((slot - Range.Count) * Step);

    public int SlotOf(int partition) => Range.Contains(partition) ? partition - Range.First : Range.Count + ((partition - FirstAdded) / Step);
}
