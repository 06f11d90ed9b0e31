using Simulation.History.Snapshots;

namespace Simulation.History;

/// <summary>All that the fold remembers of one partition: sets of sequences, whose size is that of their holes.</summary>
internal sealed class PartitionState
{
    public RangeSet Intended;
    public RangeSet Acknowledged;
    public RangeSet Rejected;
    public RangeSet Unknown;
    public RangeSet Delivered;
    public RangeSet Processed;
    public RangeSet Stored;
    public RangeSet Corrupt;

    /// <summary>Delivered more than once and not processed yet: may be processed out of order.</summary>
    public RangeSet Redelivering;

    public OpenIntents Open;
    public PendingGaps Gaps;
    public PartitionOwners Owners;
    public Anomalies? Anomalies;

    /// <summary>The highest sequence delivered; meaningless before the first.</summary>
    public long Highest;

    public bool AnyArrived;

    public Anomalies Flag() => Anomalies ??= new Anomalies();

    public RangeSet WithoutOutcome() => Unknown.IsEmpty ? Open.Sequences() : Unknown.Union(Open.Sequences());

    public RangeSet Lost() => Acknowledged.Except(Delivered).Except(Stored).Except(Processed).Except(Corrupt);

    public RangeSet Unprocessed() => Acknowledged.Except(Processed).Except(Corrupt).Except(Lost());

    /// <summary>Of which something is still to come: its acknowledgement, or that it is processed.</summary>
    public RangeSet Unsettled() => Intended.Except(Acknowledged.Intersect(Processed.Union(Corrupt)));

    public RangeSet Unexpected() => Delivered.Except(Intended);

    public RangeSet Resurrected() =>
        Rejected.IsEmpty ? default : Rejected.Intersect(Delivered).Except(Acknowledged).Except(WithoutOutcome());

    /// <summary>Refused, and never taken at a later attempt.</summary>
    public RangeSet RefusedForGood() =>
        Rejected.IsEmpty ? default : Rejected.Except(Acknowledged).Except(WithoutOutcome()).Except(Delivered).Except(Stored);

    public RangeSet Recovered() => WithoutOutcome() is var unclear && unclear.IsEmpty ? default : unclear.Intersect(Delivered.Union(Stored));

    public void Exchange(FoldArchive archive)
    {
        Intended.Exchange(archive);
        Acknowledged.Exchange(archive);
        Rejected.Exchange(archive);
        Unknown.Exchange(archive);
        Delivered.Exchange(archive);
        Processed.Exchange(archive);
        Stored.Exchange(archive);
        Corrupt.Exchange(archive);
        Redelivering.Exchange(archive);
        Open.Exchange(archive);
        Gaps.Exchange(archive);
        Owners.Exchange(archive);
        archive.Exchange(ref Highest);
        archive.Exchange(ref AnyArrived);
        bool isOdd = Anomalies is not null;
        archive.Exchange(ref isOdd);
        if (isOdd)
        {
            Flag().Exchange(archive);
        }
    }

    public RangeSet StillUnknown() => WithoutOutcome() is var unclear && unclear.IsEmpty ? default : unclear.Except(Acknowledged).Except(Delivered).Except(Stored).Except(Corrupt);
}

/// <summary>Sequences about which the fold saw something as it happened that no set shows afterwards. Most partitions have none.</summary>
internal sealed class Anomalies
{
    public RangeSet SequenceReused;
    public RangeSet StoredTwice;
    public RangeSet ProcessedTwice;
    public RangeSet Reordered;
    public RangeSet ConcurrentOwners;

    public void Exchange(FoldArchive archive)
    {
        SequenceReused.Exchange(archive);
        StoredTwice.Exchange(archive);
        ProcessedTwice.Exchange(archive);
        Reordered.Exchange(archive);
        ConcurrentOwners.Exchange(archive);
    }
}
