using System.Collections.Immutable;

namespace Simulation.Partitioning;

/// <summary>Every unit goes to its owner on the ring. Blind to weight; a worker that comes or goes moves only its own share.</summary>
internal sealed class ConsistentHashStrategy(StrategyOptions options) : IAssignmentStrategy
{
    public const string StrategyName = "ConsistentHash";

    public string Name => StrategyName;

    public Assignment Assign(ImmutableArray<double> unitWeights, ImmutableArray<MemberId> workers, Assignment? previous = null)
    {
        var ring = new HashRing(workers, options.VirtualNodes);
        return new([.. Enumerable.Range(0, unitWeights.Length).Select(ring.OwnerOf)]);
    }
}
