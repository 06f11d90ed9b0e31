using Simulation.History.Snapshots;

namespace Simulation.History;

/// <summary>
/// One second of a run, as its logs tell it. There is one object, filled again for every second: whoever wants to keep something copies it.
/// Messages are counted in the second in which something was first recorded of them.
/// </summary>
public sealed class RunSecond
{
    /// <summary>Seconds since 1970, UTC.</summary>
    public long UnixSeconds { get; internal set; }

    /// <summary>Seconds since producers began to send; null before.</summary>
    public long? SinceSending { get; internal set; }

    public RunPhase Phase { get; internal set; }

    public RunScope Scope { get; internal set; }

    /// <summary>Messages that a producer meant to send, repetitions not counted.</summary>
    public int Intended { get; internal set; }

    /// <summary>Messages acknowledged by the server, each counted once.</summary>
    public int Sent { get; internal set; }

    /// <summary>Messages processed, each counted once.</summary>
    public int Received { get; internal set; }

    public int Deliveries { get; internal set; }

    public int Redeliveries { get; internal set; }

    /// <summary>Publishes that the server refused.</summary>
    public int Rejected { get; internal set; }

    /// <summary>Publishes that ended without a known outcome, whether their message has shown up since or not.</summary>
    public int Unknown { get; internal set; }

    /// <summary>Messages found to be processed or stored once more.</summary>
    public int Duplicates { get; internal set; }

    /// <summary>Partitions that got another owner than the one before.</summary>
    public int PartitionsMoved { get; internal set; }

    /// <summary>From a publish's intent to its acknowledgement.</summary>
    public LatencyHistogram PublishLatency { get; } = new();

    /// <summary>From the intended send time to the first delivery.</summary>
    public LatencyHistogram EndToEndLatency { get; } = new();

    /// <summary>At its end: acknowledged and not processed.</summary>
    public long Lag { get; internal set; }

    /// <summary>At its end: messages missing below the highest delivery of their partition.</summary>
    public long GapsPending { get; internal set; }

    /// <summary>At its end: how long the oldest of them has been missing.</summary>
    public TimeSpan OldestGap { get; internal set; }

    /// <summary>At its end: those that own a partition, by their own account. One that was killed counts until its partitions have gone to others.</summary>
    public int Workers { get; internal set; }

    /// <summary>At its end: partitions with an owner.</summary>
    public int PartitionsOwned { get; internal set; }

    /// <summary>The most that were going on at one time of it.</summary>
    public int FaultsActive { get; internal set; }

    internal void Clear()
    {
        (Intended, Sent, Received, Deliveries, Redeliveries) = (0, 0, 0, 0, 0);
        (Rejected, Unknown, Duplicates, PartitionsMoved) = (0, 0, 0, 0);
        PublishLatency.Clear();
        EndToEndLatency.Clear();
    }

    internal void Exchange(FoldArchive archive)
    {
        (long at, long? sinceSending, int phase, int scope) = (UnixSeconds, SinceSending, (int)Phase, (int)Scope);
        archive.Exchange(ref at);
        archive.Exchange(ref sinceSending);
        archive.Exchange(ref phase);
        archive.Exchange(ref scope);
        (UnixSeconds, SinceSending, Phase, Scope) = (at, sinceSending, (RunPhase)phase, (RunScope)scope);
        Span<int> counts = [Intended, Sent, Received, Deliveries, Redeliveries, Rejected, Unknown, Duplicates, PartitionsMoved, Workers, PartitionsOwned, FaultsActive];
        foreach (ref int count in counts)
        {
            archive.Exchange(ref count);
        }

        (Intended, Sent, Received, Deliveries, Redeliveries) = (counts[0], counts[1], counts[2], counts[3], counts[4]);
        (Rejected, Unknown, Duplicates, PartitionsMoved) = (counts[5], counts[6], counts[7], counts[8]);
        (Workers, PartitionsOwned, FaultsActive) = (counts[9], counts[10], counts[11]);
        (long lag, long gaps, long oldest) = (Lag, GapsPending, OldestGap.Ticks);
        archive.Exchange(ref lag);
        archive.Exchange(ref gaps);
        archive.Exchange(ref oldest);
        (Lag, GapsPending, OldestGap) = (lag, gaps, new TimeSpan(oldest));
        PublishLatency.ExchangeFilled(archive);
        EndToEndLatency.ExchangeFilled(archive);
    }
}
