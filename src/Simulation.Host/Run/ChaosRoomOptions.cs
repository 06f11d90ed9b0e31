using System.Collections.Immutable;
using Simulation.Chaos;
using Simulation.Host.Configuration;

namespace Simulation.Host.Run;

/// <summary>The chaos section in the words of Simulation.Chaos.</summary>
internal static class ChaosRoomOptions
{
    /// <summary>As embedded servers call themselves: one, or the members of a cluster.</summary>
    public const string ServerName = "simulation";

    public static ChaosOptions ToChaos(this SimulationConfig config) => new()
    {
        Events = config.Chaos.Events,
        Interval = config.Chaos.Interval,
        Bursts = new BurstOptions
        {
            Probability = config.Chaos.Bursts.Probability,
            Events = config.Chaos.Bursts.Events,
            Spacing = config.Chaos.Bursts.Spacing,
            Quiet = config.Chaos.Bursts.Quiet,
        },
        Scheduled = config.Chaos.Scheduled,
        MaxConcurrent = config.Chaos.MaxConcurrent,
        MinWorkers = config.Chaos.MinWorkers,
        MaxWorkers = config.MaxWorkers,
        MinPartitions = config.Chaos.MinPartitions,
        MaxPartitions = config.MaxPartitions,
        Warmup = config.Chaos.Warmup,
        QuietBeforeEnd = config.Chaos.QuietBeforeEnd,
    };

    public static RunShape ToShape(this SimulationConfig config) => new()
    {
        Duration = config.Simulation.Duration,
        Workers = config.Workers.Count,
        Producers = config.Producers.Count,
        WorkersTogether = config.Workers.Isolation == Isolation.Process ? config.Workers.PerProcess : 1,
        ProducersTogether = config.Producers.Isolation == Isolation.Process ? config.Producers.PerProcess : 1,
        Partitions = config.Partitions.Count,
        Servers = config.Nats.Mode == NatsMode.External ? [] : ServerNames(config.Nats.Cluster.Size),
    };

    private static ImmutableArray<string> ServerNames(int size) =>
        size == 1 ? [ServerName] : [.. Enumerable.Range(1, size).Select(number => $"{ServerName}-{number}")];
}
