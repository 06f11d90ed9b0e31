namespace Simulation.Partitioning;

/// <summary><c>workers.strategy_config</c>.</summary>
public sealed record StrategyOptions
{
    /// <summary>Points on the ring per worker. More of them balance better and cost more to compute. Default 150.</summary>
    public int VirtualNodes { get; init; } = 150;

    /// <summary>A worker whose load would pass the average load times this gets no further unit by its place on the ring. Default 1.3.</summary>
    public double OverloadThreshold { get; init; } = 1.3;

    /// <summary>A unit heavier than the average unit times this is dealt out one by one instead of hashed. Default 2.0.</summary>
    public double ExtremeThreshold { get; init; } = 2.0;
}
