namespace Simulation.Actors;

/// <summary>A partition that was opened or retired while the run went on.</summary>
/// <param name="IsOpen">Whether messages fall due there since.</param>
/// <param name="At">When it was done, by how long messages had been sent.</param>
/// <param name="After">The last sequence that had fallen due by then.</param>
internal readonly record struct PartitionOpening(bool IsOpen, TimeSpan At, long After);
