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
}
