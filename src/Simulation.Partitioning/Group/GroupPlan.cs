using System.Collections.Immutable;

namespace Simulation.Partitioning;

/// <summary>What a group shares out, and how. The same for all its members.</summary>
/// <param name="UnitWeights">The weight of each unit, by unit id; see <see cref="PartitionLayout.UnitWeights"/>.</param>
/// <param name="Strategy">How the leader assigns them.</param>
public sealed record GroupPlan(ImmutableArray<double> UnitWeights, IAssignmentStrategy Strategy);
