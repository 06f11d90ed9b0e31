using Simulation.Chaos;
using Simulation.Host.Configuration;
using Simulation.Host.Processes;
using Simulation.Nats.Embedded;

namespace Simulation.Host.Run;

/// <summary>What can be broken in the real world.</summary>
internal static class RealFaults
{
    /// <summary>Mounted once, to see whether it can be.</summary>
    private static readonly Lazy<string?> WhyNoDisk = new(() => Task.Run(QuotaDisk.WhyNotAsync).GetAwaiter().GetResult());

    /// <returns>Null when it can be done; otherwise why not, and what would be needed.</returns>
    public static string? WhyNot(SimulationConfig config, FaultSettings fault) =>
        ServerFaults.Supported.Contains(fault.Kind) && WhyNotToServers(config, fault.Kind) is { } why ? why
        : NeedsSignals(config, fault.Kind) && ProcessSignals.WhyNot is { } forbidden ? forbidden
        : MayNeedDisk(fault) && WhyNoDisk.Value is { } noDisk ? $"with full: disk, {noDisk}; or give full: limit"
        : null;

    /// <summary>Whether the servers' stores have to be on disks that can be filled.</summary>
    public static bool NeedOwnDisks(FaultPlan? plan) =>
        plan is not null && plan.Faults.Any(fault => fault.Kind == FaultKind.DiskFull && fault.Word(FaultEntry.Full) == FaultEntry.Disk);

    private static bool MayNeedDisk(FaultSettings fault) =>
        fault.Kind == FaultKind.DiskFull && fault.Parameters.GetValueOrDefault(FaultEntry.Full, FaultEntry.Limit) != FaultEntry.Limit;

    private static bool NeedsSignals(SimulationConfig config, FaultKind kind) => kind switch
    {
        FaultKind.LeaderStepdown => false,
        FaultKind.WorkerCrash or FaultKind.WorkerPause or FaultKind.LeaderFailure => config.Workers.Isolation == Isolation.Process,
        FaultKind.ProducerCrash => config.Producers.Isolation == Isolation.Process,
        _ => ServerFaults.Supported.Contains(kind),
    };

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
