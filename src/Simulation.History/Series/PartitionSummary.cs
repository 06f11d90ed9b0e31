using Simulation.History.Snapshots;

namespace Simulation.History;

/// <summary>What became of one partition in a run.</summary>
public sealed class PartitionSummary
{
    private long _arrived;
    private long _latency;

    /// <summary>Messages acknowledged by the server, each counted once.</summary>
    public long Sent { get; internal set; }

    /// <summary>Messages processed, each counted once.</summary>
    public long Received { get; internal set; }

    public long Redeliveries { get; internal set; }

    /// <summary>Messages found to be processed or stored once more.</summary>
    public long Duplicates { get; internal set; }

    /// <summary>How often it went to another owner.</summary>
    public int Moves { get; internal set; }

    /// <summary>Who owned it last; null for nobody.</summary>
    public string? LastOwner { get; internal set; }

    /// <summary>From the intended send time to the first delivery, on average.</summary>
    public TimeSpan MeanLatency => _arrived == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(_latency / _arrived);

    public TimeSpan MaxLatency { get; private set; }

    internal void Arrive(long microseconds)
    {
        _arrived++;
        _latency += Math.Max(0, microseconds);
        MaxLatency = TimeSpan.FromMicroseconds(Math.Max(microseconds, (long)MaxLatency.TotalMicroseconds));
    }

    internal void Exchange(FoldArchive archive)
    {
        (long sent, long received, long redeliveries, long duplicates) = (Sent, Received, Redeliveries, Duplicates);
        (int moves, string? lastOwner, long maxLatency) = (Moves, LastOwner, MaxLatency.Ticks);
        archive.Exchange(ref sent);
        archive.Exchange(ref received);
        archive.Exchange(ref redeliveries);
        archive.Exchange(ref duplicates);
        archive.Exchange(ref moves);
        archive.ExchangeOptional(ref lastOwner);
        archive.Exchange(ref _arrived);
        archive.Exchange(ref _latency);
        archive.Exchange(ref maxLatency);
        (Sent, Received, Redeliveries, Duplicates) = (sent, received, redeliveries, duplicates);
        (Moves, LastOwner, MaxLatency) = (moves, lastOwner, new TimeSpan(maxLatency));
    }
}
