using System.Collections.Immutable;

namespace Simulation.Partitioning;

/// <summary>A pure function from units and workers to owners: the same arguments give the same assignment on every machine.</summary>
public interface IAssignmentStrategy
{
    /// <summary>As in the configuration, for example <c>ConsistentHash</c>.</summary>
    string Name { get; }

    /// <param name="unitWeights">The weight of each unit, by unit id.</param>
    /// <param name="workers">At least one, sorted, without repetition.</param>
    /// <param name="previous">What holds now, for a strategy that prefers to leave units where they are; null at the start.</param>
    Assignment Assign(ImmutableArray<double> unitWeights, ImmutableArray<MemberId> workers, Assignment? previous = null);
}
