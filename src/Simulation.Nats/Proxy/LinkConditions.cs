namespace Simulation.Nats.Proxy;

/// <summary>What the way between somebody and a server is like. Several that hold at the same time add up.</summary>
public sealed record LinkConditions
{
    /// <summary>Nothing in the way.</summary>
    public static LinkConditions Clear { get; } = new();

    /// <summary>By how much bytes are late, each way. Their order stays.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Up to so much on top of <see cref="Latency"/>, drawn anew for each read.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Of each connection, each way; null for no limit.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>Disconnected: connections are reset, and new ones are refused.</summary>
    public bool Refuse { get; init; }

    /// <summary>Partitioned: bytes wait, and new connections get no answer. When it heals, everything that waited goes on its way.</summary>
    public bool Hold { get; init; }

    /// <summary>Half-open: bytes vanish while the sockets stay. A connection that bytes are missing from is reset when it heals.</summary>
    public bool Swallow { get; init; }

    internal bool IsClear => this == Clear;

    internal LinkConditions And(LinkConditions other) => new()
    {
        Latency = Latency + other.Latency,
        Jitter = Jitter + other.Jitter,
        BytesPerSecond = (BytesPerSecond, other.BytesPerSecond) is ({ } mine, { } its) ? Math.Min(mine, its) : BytesPerSecond ?? other.BytesPerSecond,
        Refuse = Refuse || other.Refuse,
        Hold = Hold || other.Hold,
        Swallow = Swallow || other.Swallow,
    };
}
