using Simulation.Host.Configuration.Schema;
using Simulation.Partitioning;

namespace Simulation.Host.Configuration;

public sealed record WorkersSection
{
    [Key("Number of workers that share the partitions.", Min = "1", Max = "10000")]
    public int Count { get; init; } = 10;

    [Key("Where workers live: as actors of one process, or in processes of their own, which can be killed and stopped by signals.")]
    public Isolation Isolation { get; init; } = Isolation.Actor;

    [Key("Workers in one process (isolation process). They share its fate.", Min = "1", Max = "10000")]
    public int PerProcess { get; init; } = 1;

    [Key("How the leader deals partitions to workers.")]
    public AssignmentStrategy AssignmentStrategy { get; init; } = AssignmentStrategy.ConsistentHash;

    public StrategySection StrategyConfig { get; init; } = new();

    public ProcessingDelaySection ProcessingDelay { get; init; } = new();

    public ConsumersSection Consumers { get; init; } = new();

    public GroupSection Group { get; init; } = new();
}

public sealed record GroupSection
{
    [Key("How long a lease that is not renewed lasts, and so the longest that a dead worker's partitions stand still.", Min = "1s")]
    public TimeSpan LeaseTtl { get; init; } = TimeSpan.FromSeconds(15);

    [Key("How long the first leader waits for workers before the first assignment; less when all are there.", Min = "0s")]
    public TimeSpan ColdStartWindow { get; init; } = TimeSpan.FromSeconds(3);

    [Key("How long joins and graceful leaves are collected before one rebalance serves them all.", Min = "0s")]
    public TimeSpan PlannedChangeWindow { get; init; } = TimeSpan.FromSeconds(1);
}

public sealed record StrategySection
{
    [Key("Points of one worker on the hash ring (both consistent hash strategies).", Min = "1", Max = "100000")]
    public int VirtualNodes { get; init; } = 150;

    [Key("A ring owner whose load would pass average times this does not get the partition (WeightedConsistentHash).", Min = "1")]
    public double OverloadThreshold { get; init; } = 1.3;

    [Key("A partition heavier than average times this is dealt round robin from the heaviest (WeightedConsistentHash).", Min = "1")]
    public double ExtremeThreshold { get; init; } = 2.0;
}

public sealed record ProcessingDelaySection
{
    [Key("Shortest time that processing one message takes.", Min = "0s")]
    public TimeSpan Min { get; init; } = TimeSpan.FromMilliseconds(10);

    [Key("Longest time that processing one message takes.", Min = "0s")]
    public TimeSpan Max { get; init; } = TimeSpan.FromMilliseconds(50);
}

public sealed record ConsumersSection
{
    [Key("Who owns the read position: a durable consumer a partition, a group of partitions, or a worker (loses messages when partitions move).",
        LeftOut = "per_partition up to 200 partitions, per_group above", Derived = nameof(SimulationConfig.ConsumerLayout))]
    public ConsumerLayout? Layout { get; init; }

    [Key("Partitions of one group (layout per_group).", Min = "1")]
    public int GroupSize { get; init; } = 15;

    [Key("After which the server delivers an unacknowledged message again. Workers extend it while they process.", Min = "100ms")]
    public TimeSpan AckWait { get; init; } = TimeSpan.FromSeconds(30);

    [Key("Deliveries of one message before the server gives up on it; -1 for no limit.", Min = "-1")]
    public int MaxDeliver { get; init; } = -1;

    [Key("Messages of one consumer that may await their acknowledgement.", Min = "1")]
    public int MaxAckPending { get; init; } = 1000;

    [Key("Messages that each consumer asks for ahead. Below 64 servers become slow.", Min = "1", Max = "10000")]
    public int Outstanding { get; init; } = 64;

    [Key("How long a pull waits at the server.", Min = "1s")]
    public TimeSpan PullExpires { get; init; } = TimeSpan.FromSeconds(30);
}

public enum Isolation { Actor, Process }

public enum AssignmentStrategy
{
    [Spelling("ConsistentHash")]
    ConsistentHash,
    [Spelling("WeightedConsistentHash")]
    WeightedConsistentHash,
    [Spelling("RoundRobin")]
    RoundRobin,
}
