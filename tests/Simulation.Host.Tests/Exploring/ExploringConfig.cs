using System.Collections.Immutable;
using Simulation.Host.Configuration;

namespace Simulation.Host.Tests.Exploring;

/// <summary>A run small enough to be explored by the hundred: every seed takes a fraction of a second.</summary>
internal static class ExploringConfig
{
    private static readonly ImmutableArray<string> Small =
    [
        "simulation.world=virtual", "simulation.duration=1m",
        "partitions.count=6", "partitions.message_rate_per_partition=1",
        "producers.count=2", "producers.publish_timeout=1s", "nats.jetstream.duplicate_window=5s",
        "workers.count=3", "workers.processing_delay.min=100ms", "workers.processing_delay.max=1s", "workers.consumers.ack_wait=10s",
        "workers.group.lease_ttl=5s", "workers.group.cold_start_window=1s",
        "coordinator.validation_window=1m",
        "chaos.warmup=0s", "chaos.quiet_before_end=0s", "chaos.interval=5s-20s",
    ];

    /// <param name="events">Kinds of faults to draw from, as in <c>chaos.events</c>; empty for all that are not destructive.</param>
    /// <param name="sets">More keys, each <c>key=value</c>.</param>
    public static SimulationConfig Create(string events = "", params IEnumerable<string> sets) => ConfigurationLoader.Load(new ConfigurationSources
    {
        Sets = [.. Small, .. events.Length == 0 ? Array.Empty<string>() : ["chaos.enabled=true", $"chaos.events=[{events}]"], .. sets],
    }).Config;
}
