using System.Collections.Immutable;
using Simulation.Actors;
using Simulation.Partitioning;
using Simulation.Workload;

namespace Simulation.Benchmarks.Harness;

/// <summary>What both sides of the comparison do: the same stream and consumers, as many connections, as much under way.</summary>
internal static class FullRate
{
    public const int Partitions = 1500;
    public const int Producers = 10;
    public const int Workers = 10;
    public const int Window = 128;
    public const int MessageSize = 128;
    private const ulong Seed = 7;

    public static RunTopology Topology { get; } =
        new("SIMULATION", "SIMULATION", new PartitionLayout(ConsumerLayout.PerGroup, [.. Enumerable.Repeat(1.0, Partitions)]));

    public static RunOptions Run(TimeSpan duration) => new()
    {
        RunId = "4f2a9c1e",
        Duration = duration,
        Seed = Seed,
        Workload = new WorkloadPlan(Workload, Seed),
        Publishing = new PublishingOptions { Window = Window, Timeout = TimeSpan.FromSeconds(60) },
        Consuming = new ConsumingOptions { WorkerCount = Workers },
        Group = new GroupOptions { ExpectedMembers = Workers },
        Strategy = new RoundRobinStrategy(),
    };

    private static WorkloadOptions Workload { get; } = new()
    {
        Partitions = new PartitionOptions { Count = Partitions },
        Producers = new ProducerOptions { Count = Producers, Arrivals = ArrivalPattern.Unthrottled },
        Messages = new MessageOptions { Size = MessageSize },
        ProcessingDelay = new ProcessingDelayOptions { Min = TimeSpan.Zero, Max = TimeSpan.Zero },
    };

    /// <summary>The partitions of one of so many that share them evenly.</summary>
    public static ImmutableArray<int> Share(int number, int among, int of) => [.. Enumerable.Range(0, of).Where(item => item % among == number)];
}
