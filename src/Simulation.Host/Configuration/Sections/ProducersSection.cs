using Simulation.Host.Configuration.Schema;

namespace Simulation.Host.Configuration;

public sealed record ProducersSection
{
    [Key("Number of producers; each owns a contiguous block of partitions.", Min = "1", Max = "10000")]
    public int Count { get; init; } = 10;

    [Key("Partitions of one producer.", Min = "1", LeftOut = "what covers all partitions", Derived = nameof(SimulationConfig.PartitionsPerProducer))]
    public int? PartitionsPerProducer { get; init; }

    [Key("Send as fast as acknowledgements allow, and ignore the rates.")]
    public bool Unthrottled { get; init; }

    [Key("Publishes of one producer that may await their acknowledgement.", Min = "1", Max = "65536")]
    public int PublishWindow { get; init; } = 256;

    [Key("After which a publish without an answer is unknown, and is sent again with the same identity.", Min = "10ms")]
    public TimeSpan PublishTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public RateVariationSection RateVariation { get; init; } = new();
}

public sealed record RateVariationSection
{
    [Key("Let the rate wander.")]
    public bool Enabled { get; init; }

    [Key("Whose rate wanders: one multiplier for all.")]
    public RatePattern Pattern { get; init; } = RatePattern.Global;

    [Key("Lowest multiplier of the rate.", Min = "0", Max = "1000")]
    public double MinMultiplier { get; init; } = 0.5;

    [Key("Highest multiplier of the rate.", Min = "0.000001", Max = "1000")]
    public double MaxMultiplier { get; init; } = 2.0;

    [Key("Time in which the multiplier moves linearly to its next, seeded target.", Min = "1s")]
    public TimeSpan RampInterval { get; init; } = TimeSpan.FromMinutes(5);
}

public enum RatePattern { Global }
