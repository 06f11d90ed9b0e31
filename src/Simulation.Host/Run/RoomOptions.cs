using Simulation.History;
using Simulation.Host.Configuration;
using Simulation.Partitioning;
using Simulation.Workload;

namespace Simulation.Host.Run;

/// <summary>The configuration in the words of the rooms below.</summary>
internal static class RoomOptions
{
    public static WorkloadOptions ToWorkload(this SimulationConfig config) => new()
    {
        Partitions = new PartitionOptions
        {
            Count = config.Partitions.Count,
            MessageRatePerPartition = config.Partitions.MessageRatePerPartition,
            Distribution = config.Partitions.Distribution,
            Exponential = new ExponentialWeightOptions
            {
                ExtremePercent = config.Partitions.Weights.Exponential.ExtremePercent,
                ExtremeWeight = config.Partitions.Weights.Exponential.ExtremeWeight,
                NormalWeight = config.Partitions.Weights.Exponential.NormalWeight,
            },
        },
        Producers = new ProducerOptions
        {
            Count = config.Producers.Count,
            PartitionsPerProducer = config.Producers.PartitionsPerProducer,
            Arrivals = config.Producers.Unthrottled ? ArrivalPattern.Unthrottled
                : config.Partitions.Arrivals == ArrivalProcess.Poisson ? ArrivalPattern.Poisson
                : ArrivalPattern.Even,
            RateVariation = new RateVariationOptions
            {
                Enabled = config.Producers.RateVariation.Enabled,
                Pattern = config.Producers.RateVariation.Pattern,
                MinMultiplier = config.Producers.RateVariation.MinMultiplier,
                MaxMultiplier = config.Producers.RateVariation.MaxMultiplier,
                RampInterval = config.Producers.RateVariation.RampInterval,
            },
        },
        Messages = new MessageOptions { Size = (int)config.Message.Size.Bytes },
        ProcessingDelay = new ProcessingDelayOptions { Min = config.Workers.ProcessingDelay.Min, Max = config.Workers.ProcessingDelay.Max },
    };

    public static PartitionLayout ToLayout(this SimulationConfig config, PartitionWeights weights) => new(
        config.ConsumerLayout,
        [.. weights.Values.Select(weight => (double)weight)],
        config.Workers.Consumers.GroupSize,
        config.Nats.Prefix);

    public static Guarantees ToGuarantees(this SimulationConfig config) => new()
    {
        EffectivelyOnce = config.Guarantees.EffectivelyOnce,
        Ordered = config.Guarantees.Ordered,
        Exclusive = config.Guarantees.Exclusive,
    };

    public static StrategyOptions ToStrategy(this SimulationConfig config) => new()
    {
        VirtualNodes = config.Workers.StrategyConfig.VirtualNodes,
        OverloadThreshold = config.Workers.StrategyConfig.OverloadThreshold,
        ExtremeThreshold = config.Workers.StrategyConfig.ExtremeThreshold,
    };
}
