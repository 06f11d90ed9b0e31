using Simulation.Actors;
using Simulation.History;
using Simulation.Host.Configuration;
using Simulation.Nats.Connection;
using Simulation.Partitioning;
using Simulation.Workload;

namespace Simulation.Host.Run;

/// <summary>The configuration in the words of the rooms below.</summary>
internal static class RoomOptions
{
    /// <param name="config">Of the run.</param>
    /// <param name="mostPartitions">That there will be at any time; null for those of the start.</param>
    public static WorkloadOptions ToWorkload(this SimulationConfig config, int? mostPartitions = null) => new()
    {
        Partitions = new PartitionOptions
        {
            Count = config.Partitions.Count,
            Most = mostPartitions,
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

    /// <param name="config">Of the run.</param>
    /// <param name="seed">Also drawn, where the configuration has none.</param>
    /// <param name="runId">Unique.</param>
    /// <param name="mostPartitions">As of <see cref="ToWorkload"/>.</param>
    public static RunOptions ToRun(this SimulationConfig config, ulong seed, string runId, int? mostPartitions = null) => new()
    {
        RunId = runId,
        Duration = config.Simulation.Duration,
        Seed = seed,
        Workload = new WorkloadPlan(config.ToWorkload(mostPartitions), seed),
        Guarantees = config.ToGuarantees(),
        Publishing = new PublishingOptions
        {
            Window = config.Producers.PublishWindow,
            Timeout = config.Producers.PublishTimeout,
            RetryBackoff = config.Producers.RetryBackoff,
            Ordered = config.Producers.Ordered,
        },
        Consuming = new ConsumingOptions
        {
            WorkerCount = config.Workers.Count,
            AckWait = config.Workers.Consumers.AckWait,
            MaxDeliver = config.Workers.Consumers.MaxDeliver,
            MaxAckPending = config.Workers.Consumers.MaxAckPending,
            Outstanding = config.Workers.Consumers.Outstanding,
            PullExpires = config.Workers.Consumers.PullExpires,
        },
        Group = config.ToGroup(),
        Strategy = AssignmentStrategies.Create(config.Workers.AssignmentStrategy.ToString(), config.ToStrategy()),
        Stream = new StreamOptions
        {
            Storage = config.Nats.Jetstream.Storage,
            Replicas = config.Nats.Jetstream.Replicas,
            MaxBytes = config.Nats.Jetstream.MaxBytes?.Bytes ?? -1,
            Discard = config.Nats.Jetstream.Discard,
            DuplicateWindow = config.Nats.Jetstream.DuplicateWindow,
            Keep = config.Nats.Keep,
            MayBeFull = config.Chaos.Enabled && config.Chaos.Events.Select(choice => choice.Fault.Kind)
                .Concat(config.Chaos.Scheduled.Select(scheduled => scheduled.Fault.Kind)).Contains(Chaos.FaultKind.DiskFull),
        },
        ValidationWindow = config.Coordinator.ValidationWindow,
    };

    public static RunTopology ToTopology(this SimulationConfig config, WorkloadPlan workload) => new(
        config.StreamName(), config.Nats.Prefix,
        new PartitionLayout(config.ConsumerLayout, [.. workload.Weights.Values.Select(weight => (double)weight)], config.Workers.Consumers.GroupSize, config.Nats.Prefix));

    public static string StreamName(this SimulationConfig config) => config.Nats.Prefix.ToUpperInvariant();

    public static NatsOptions ToNats(this SimulationConfig config, string url) => new()
    {
        Url = url,
        User = config.Nats.User,
        Password = config.Nats.Password,
        Token = config.Nats.Token,
        NKeySeed = config.Nats.NkeySeed,
        CredentialsFile = config.Nats.Creds,
        Tls = config.Nats.Tls.Enabled
            ? new TlsOptions { CaFile = config.Nats.Tls.Ca, CertificateFile = config.Nats.Tls.Cert, KeyFile = config.Nats.Tls.Key, Insecure = config.Nats.Tls.Insecure }
            : null,
        PublishTimeout = config.Producers.PublishTimeout,
    };

    public static GroupOptions ToGroup(this SimulationConfig config) => new()
    {
        LeaseTtl = config.Workers.Group.LeaseTtl,
        ColdStartWindow = config.Workers.Group.ColdStartWindow,
        PlannedChangeWindow = config.Workers.Group.PlannedChangeWindow,
        ExpectedMembers = config.Workers.Count,
    };
}
