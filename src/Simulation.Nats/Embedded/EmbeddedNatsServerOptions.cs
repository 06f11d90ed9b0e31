using System.Collections.Immutable;

namespace Simulation.Nats.Embedded;

/// <summary>One private nats-server.</summary>
public sealed record EmbeddedNatsServerOptions
{
    public required NatsServerBinary Binary { get; init; }

    /// <summary>Holds <c>server.conf</c>, <c>server.log</c> and the store folder <c>store</c>; made when missing. Belongs inside the run's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Server name. Default: <c>simulation</c>.</summary>
    public string Name { get; init; } = "simulation";

    /// <summary><c>nats.jetstream.max_memory</c>, bytes. Default: 10 GB.</summary>
    public long MaxMemory { get; init; } = 10_000_000_000;

    /// <summary><c>nats.jetstream.max_file_storage</c>, bytes. Default: 50 GB. A limit, not a reservation.</summary>
    public long MaxFileStorage { get; init; } = 50_000_000_000;

    /// <summary>Whether the store is on a <see cref="QuotaDisk"/> of its own, as large as what may be stored if there is room for it.</summary>
    public bool OwnDisk { get; init; }

    /// <summary>How often the store is flushed to disk; null for the server's default, zero for after every write. Needs server 2.10.</summary>
    public TimeSpan? SyncInterval { get; init; }

    /// <summary>Largest message, bytes; null for the server's default of 1 MiB.</summary>
    public int? MaxPayload { get; init; }

    /// <summary>Loopback port for clients; null for any free one.</summary>
    public int? Port { get; init; }

    /// <summary>Serve the server's own monitoring on a free loopback port: see <see cref="EmbeddedNatsServer.MonitorUrl"/>.</summary>
    public bool Monitored { get; init; }

    /// <summary>Null for a lone server.</summary>
    public ClusterMembership? Cluster { get; init; }

    /// <summary>After which a start that has not led to a usable JetStream fails. Default: 60 s (a large store takes its time).</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>After which a server that was asked to stop is killed. Default: 10 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A start with less free space than this at the store folder is refused, bytes. Default: 64 MiB.</summary>
    public long MinimumFreeDisk { get; init; } = 64 << 20;
}

/// <param name="Port">Loopback port for this server's routes.</param>
/// <param name="RoutePorts">Where it finds the other members; itself may be among them.</param>
/// <param name="AdministratorPassword">Of the system account, the same for all members.</param>
public sealed record ClusterMembership(string Name, int Port, ImmutableArray<int> RoutePorts, string AdministratorPassword)
{
    /// <summary>False: routes go only where <see cref="RoutePorts"/> say, never where other members are said to be.</summary>
    public bool Gossip { get; init; } = true;
}
