using System.Collections.Immutable;
using Simulation.Host.Configuration.Schema;
using Simulation.Host.Thresholds;
using Simulation.Partitioning;

namespace Simulation.Host.Configuration;

/// <summary>
/// Everything a run can be told. These records are the schema: a property is a key (<c>PartitionsPerProducer</c> is
/// <c>partitions_per_producer</c>), its initial value the default, its <see cref="Schema.KeyAttribute"/> the rest.
/// </summary>
public sealed record SimulationConfig
{
    public SimulationSection Simulation { get; init; } = new();

    public PartitionsSection Partitions { get; init; } = new();

    public ProducersSection Producers { get; init; } = new();

    public MessageSection Message { get; init; } = new();

    public WorkersSection Workers { get; init; } = new();

    public CoordinatorSection Coordinator { get; init; } = new();

    public GuaranteesSection Guarantees { get; init; } = new();

    public ChaosSection Chaos { get; init; } = new();

    public NatsSection Nats { get; init; } = new();

    public MetricsSection Metrics { get; init; } = new();

    public CheckpointingSection Checkpointing { get; init; } = new();

    public HistorySection History { get; init; } = new();

    [Key("What the run has to keep to; one that is missed is named everywhere and ends with exit code 99. See docs/thresholds.md.", LeftOut = "nothing")]
    public ImmutableArray<Threshold> Thresholds { get; init; } = [];

    /// <summary>The configured number, or the smallest that covers every partition.</summary>
    public int PartitionsPerProducer =>
        Producers.PartitionsPerProducer ?? (Partitions.Count + Producers.Count - 1) / Producers.Count;

    /// <summary>The configured number, or twice the number of workers.</summary>
    public int MaxWorkers => Chaos.MaxWorkers ?? Workers.Count * 2;

    /// <summary>The configured number, or twice the number of partitions.</summary>
    public int MaxPartitions => Chaos.MaxPartitions ?? Partitions.Count * 2;

    /// <summary>The configured layout, or the one that is safe and fast enough for this many partitions.</summary>
    public ConsumerLayout ConsumerLayout =>
        Workers.Consumers.Layout ?? PartitionLayout.DefaultFor(Partitions.Count);
}
