namespace Simulation.Workload;

/// <summary>One message that is due.</summary>
/// <param name="At">The intended send time, since the start of the run.</param>
/// <param name="Partition">Where it goes.</param>
/// <param name="Sequence">The how-manieth message of its partition it is, from 1: its partition sequence.</param>
public readonly record struct Arrival(TimeSpan At, int Partition, long Sequence);
