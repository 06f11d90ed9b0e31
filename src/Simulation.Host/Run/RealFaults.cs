using Simulation.Chaos;
using Simulation.Host.Configuration;
using Simulation.Nats.Embedded;

namespace Simulation.Host.Run;

/// <summary>What can be broken in the real world.</summary>
internal static class RealFaults
{
    /// <returns>Null when it can be done; otherwise why not, and what would be needed.</returns>
    public static string? WhyNot(SimulationConfig config, FaultKind kind) =>
        ParticipantFaults.Supported.Contains(kind) ? null
        : NetworkFaults.Supported.Contains(kind) ? null
        : ServerFaults.Supported.Contains(kind) ? WhyNotToServers(config, kind)
        : "not built yet in the real world";

    private static string? WhyNotToServers(SimulationConfig config, FaultKind kind) => kind switch
    {
        _ when config.Nats.Mode == NatsMode.External => "the servers are somebody else's; use nats.mode embedded",
        FaultKind.LeaderStepdown when config.Nats.Cluster.Size == 1 => "a lone server leads whatever there is; set nats.cluster.size to 3",
        FaultKind.LeaderStepdown when config.Nats.Jetstream.Replicas == 1 =>
            "what has one copy has one leader; set nats.jetstream.replicas to 3",
        FaultKind.PowerLoss when config.Nats.Jetstream.SyncInterval == TimeSpan.Zero =>
            "with nats.jetstream.sync_interval 0 every write is on the disk before it is acknowledged: nothing can be lost; give an interval",
        FaultKind.PowerLoss or FaultKind.StoreBitflip or FaultKind.StoreTruncate or FaultKind.StoreZero or FaultKind.DiskFull
            when config.Nats.Jetstream.Storage == JetStream.StorageType.Memory => "nothing of the stream is on a disk; set nats.jetstream.storage to file",
        FaultKind.ServerPause or FaultKind.PowerLoss => EmbeddedNatsServer.WhyNotSuspend,
        _ => null,
    };
}
