namespace Simulation.Host.Configuration.Values;

/// <summary>The kinds of event that chaos knows. What each does is docs/faults.md's to say, once chaos is built.</summary>
internal static class ChaosEvents
{
    public static readonly IReadOnlyList<string> Names =
    [
        "worker_crash", "producer_crash", "worker_restart", "scale_up", "scale_down", "leader_failure", "worker_pause", "slow_consumer",
        "partition_changes", "nats_disconnect", "network_latency", "network_bandwidth", "network_partition", "half_open",
        "server_kill", "server_pause", "server_restart", "leader_stepdown", "power_loss", "store_bitflip", "store_truncate", "store_zero",
        "disk_full", "consumer_delete", "consumer_ack_loss", "kv_lease_delete", "kv_bucket_delete", "duplicate_publish", "clock_jump",
    ];
}
