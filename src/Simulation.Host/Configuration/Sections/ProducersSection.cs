using Simulation.Host.Configuration.Schema;
using Simulation.Workload;

namespace Simulation.Host.Configuration;

public sealed record ProducersSection
{
    [Key("Number of producers; each owns a contiguous block of partitions.", Min = "1", Max = "10000")]
    public int Count { get; init; } = 10;

    [Key("Where producers live: as actors of one process, or in processes of their own, which can be killed by signals.")]
    public Isolation Isolation { get; init; } = Isolation.Actor;

    [Key("Producers in one process (isolation process). They share its fate.", Min = "1", Max = "10000")]
    public int PerProcess { get; init; } = 1;

    [Key("Partitions of one producer.", Min = "1", LeftOut = "what covers all partitions", Derived = nameof(SimulationConfig.PartitionsPerProducer))]
    public int? PartitionsPerProducer { get; init; }

    [Key("Send as fast as acknowledgements allow, and ignore the rates.")]
    public bool Unthrottled { get; init; }

    [Key("Publishes of one producer that may await their acknowledgement.", Min = "1", Max = "65536")]
    public int PublishWindow { get; init; } = 256;

    [Key("After which a publish without an answer is unknown, and is sent again with the same identity.", Min = "10ms")]
    public TimeSpan PublishTimeout { get; init; } = TimeSpan.FromSeconds(5);

    [Key("Pause before the same message is published again; doubles up to ten times this.", Min = "1ms")]
    public TimeSpan RetryBackoff { get; init; } = TimeSpan.FromMilliseconds(200);

    [Key("Wait for a message's outcome before the next one of its partition is published, so that the stream holds each partition in order.")]
    public bool Ordered { get; init; } = true;

    public RateVariationSection RateVariation { get; init; } = new();
}

public sealed record RateVariationSection
{
    [Key("Let the rate wander.")]
    public bool Enabled { get; init; }

    [Key("Whose rate wanders: one multiplier for all.")]
    public RateVariationPattern Pattern { get; init; } = RateVariationPattern.Global;

    [Key("Lowest multiplier of the rate.", Min = "0.000001", Max = "1000")]
    public double MinMultiplier { get; init; } = 0.5;

    [Key("Highest multiplier of the rate.", Min = "0.000001", Max = "1000")]
    public double MaxMultiplier { get; init; } = 2.0;

    [Key("Time in which the multiplier moves linearly to its next, seeded target.", Min = "1s")]
    public TimeSpan RampInterval { get; init; } = TimeSpan.FromMinutes(5);
}
