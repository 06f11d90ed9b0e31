using Simulation.Host.Configuration.Schema;
using Simulation.Workload;

namespace Simulation.Host.Configuration;

public sealed record PartitionsSection
{
    [Key("Number of partitions, each a subject of its own.", Min = "1", Max = "100000")]
    public int Count { get; init; } = 100;

    [Key("Messages a second of an average partition; the total rate is this times `partitions.count`.", Min = "0.000001", Max = "1000000")]
    public double MessageRatePerPartition { get; init; } = 0.1;

    [Key("How the total rate is shared: evenly, or by `partitions.weights.exponential`.")]
    public WeightDistribution Distribution { get; init; } = WeightDistribution.Uniform;

    [Key("When a partition's messages are due: evenly spaced, or as a Poisson process of the same mean.")]
    public ArrivalProcess Arrivals { get; init; } = ArrivalProcess.Even;

    public WeightsSection Weights { get; init; } = new();
}

public sealed record WeightsSection
{
    public ExponentialWeightsSection Exponential { get; init; } = new();
}

public sealed record ExponentialWeightsSection
{
    [Key("Share of partitions that are extreme, as a fraction: 0.05 is five in a hundred. Which ones follows from the seed.", Min = "0", Max = "1")]
    public double ExtremePercent { get; init; } = 0.05;

    [Key("Weight of an extreme partition.", Min = "1")]
    public int ExtremeWeight { get; init; } = 100;

    [Key("Weight of every other partition.", Min = "1")]
    public int NormalWeight { get; init; } = 1;
}

public enum ArrivalProcess { Even, Poisson }
