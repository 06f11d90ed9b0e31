namespace Simulation.Partitioning;

/// <summary>The strategies by the names that the configuration uses.</summary>
public static class AssignmentStrategies
{
    public static IReadOnlyList<string> Names { get; } =
        [ConsistentHashStrategy.StrategyName, WeightedConsistentHashStrategy.StrategyName, RoundRobinStrategy.StrategyName];

    /// <exception cref="ArgumentException">There is no strategy of that name.</exception>
    public static IAssignmentStrategy Create(string name, StrategyOptions options) => name switch
    {
        ConsistentHashStrategy.StrategyName => new ConsistentHashStrategy(options),
        WeightedConsistentHashStrategy.StrategyName => new WeightedConsistentHashStrategy(options),
        RoundRobinStrategy.StrategyName => new RoundRobinStrategy(),
        _ => throw new ArgumentException($"There is no assignment strategy '{name}'; choose one of {string.Join(", ", Names)}.", nameof(name)),
    };
}
