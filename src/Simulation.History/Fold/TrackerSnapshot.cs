using System.Collections.Immutable;

namespace Simulation.History;

/// <summary>How a run stands while it goes on.</summary>
public sealed record TrackerSnapshot
{
    public required RunPhase Phase { get; init; }

    /// <summary>Records folded.</summary>
    public required long Records { get; init; }

    /// <summary>Up to when the logs are folded.</summary>
    public required DateTimeOffset UpTo { get; init; }

    /// <summary>Messages that a producer meant to send.</summary>
    public required long Intended { get; init; }

    /// <summary>Messages acknowledged by the server.</summary>
    public required long Sent { get; init; }

    /// <summary>Messages processed, each counted once.</summary>
    public required long Received { get; init; }

    public required long Deliveries { get; init; }

    public required long Redeliveries { get; init; }

    /// <summary>Messages that were refused at least once.</summary>
    public required long Rejected { get; init; }

    /// <summary>Messages missing below the highest delivery of their partition: they may still come.</summary>
    public required long GapsPending { get; init; }

    /// <summary>How long the oldest pending gap has been there; null for none.</summary>
    public required TimeSpan? OldestGap { get; init; }

    /// <summary>Publishes without a known outcome that have not shown up.</summary>
    public required long StillUnknown { get; init; }

    /// <summary>Publishes without a known outcome that did show up.</summary>
    public required long Recovered { get; init; }

    /// <summary>What is certain already. Lost and unprocessed are not among them: they are known when the run is over.</summary>
    public required ImmutableArray<Finding> Findings { get; init; }

    public bool IsViolated => Findings.Any(finding => finding is { FailsRun: true, Count: > 0 });

    public long Count(VerdictClass verdictClass) => Findings.FirstOrDefault(finding => finding.Class == verdictClass)?.Count ?? 0;

    /// <summary>Processed twice and stored twice.</summary>
    public long Duplicates => Count(VerdictClass.ProcessedTwice) + Count(VerdictClass.StoredTwice);

    internal static TrackerSnapshot Of(Fold fold)
    {
        long intended = 0, sent = 0, received = 0, rejected = 0, gaps = 0;
        long? oldest = null;
        foreach ((_, PartitionState state) in fold.Partitions())
        {
            intended += state.Intended.Count;
            sent += state.Acknowledged.Count;
            received += state.Processed.Count;
            rejected += state.Rejected.Count;
            gaps += state.Gaps.Missing;
            oldest = state.Gaps.OldestSince is long since ? Math.Min(oldest ?? since, since) : oldest;
        }

        var findings = Verdicts.Findings.SoFar(fold);
        return new TrackerSnapshot
        {
            Phase = fold.Phase,
            Records = fold.Records,
            UpTo = UnixMicroseconds.ToTime(fold.Time),
            Intended = intended,
            Sent = sent,
            Received = received,
            Deliveries = fold.Deliveries,
            Redeliveries = fold.Redeliveries,
            Rejected = rejected,
            GapsPending = gaps,
            OldestGap = oldest is long from ? TimeSpan.FromMicroseconds(fold.Time - from) : null,
            StillUnknown = fold.Partitions().Sum(entry => entry.State.StillUnknown().Count),
            Recovered = fold.Partitions().Sum(entry => entry.State.Recovered().Count),
            Findings = findings,
        };
    }
}
