using System.Collections.Immutable;

namespace Simulation.Partitioning;

/// <summary>Unit i goes to worker i modulo n. Perfect counts, blind to weight, and nearly everything moves when n changes.</summary>
public sealed class RoundRobinStrategy : IAssignmentStrategy
{
    public const string StrategyName = "RoundRobin";

    public string Name => StrategyName;

    public Assignment Assign(ImmutableArray<double> unitWeights, ImmutableArray<MemberId> workers, Assignment? previous = null) =>
        new([.. Enumerable.Range(0, unitWeights.Length).Select(unit => workers[unit % workers.Length])]);
}
