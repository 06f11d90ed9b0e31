using System.Collections.Immutable;

namespace Simulation.Partitioning;

/// <summary>
/// What a group shares out, and how. The same for all its members; told to a <see cref="GroupMember"/> anew when there are more units.
/// </summary>
/// <param name="UnitWeights">The weight of each unit that there may ever be, by unit id; see <see cref="PartitionLayout.UnitWeights"/>.</param>
/// <param name="Strategy">How the leader assigns them.</param>
public sealed record GroupPlan(ImmutableArray<double> UnitWeights, IAssignmentStrategy Strategy)
{
    /// <summary>Those that are shared out: the lowest ids. Once shared out, a unit stays so. Default all.</summary>
    public int Units { get; init; } = UnitWeights.Length;
}
