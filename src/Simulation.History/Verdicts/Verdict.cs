using System.Collections.Immutable;
using System.Globalization;

namespace Simulation.History;

/// <summary>What a run's logs amount to.</summary>
public sealed record Verdict
{
    public required VerdictOutcome Outcome { get; init; }

    /// <summary>Why it is not known that nothing is wrong; empty when it is known.</summary>
    public required ImmutableArray<Doubt> Doubts { get; init; }

    /// <summary>One for every class, also where it found nothing.</summary>
    public required ImmutableArray<Finding> Findings { get; init; }

    /// <summary>The first ten of every class.</summary>
    public required ImmutableArray<Evidence> Evidence { get; init; }

    public required ImmutableArray<LogDamage> Damages { get; init; }

    public required Guarantees Guarantees { get; init; }

    /// <summary>Messages acknowledged by the server.</summary>
    public required long Sent { get; init; }

    /// <summary>Messages processed, each counted once.</summary>
    public required long Received { get; init; }

    public required long Deliveries { get; init; }

    /// <summary>Deliveries with a count above 1.</summary>
    public required long Redelivered { get; init; }

    /// <summary>Messages whose publish had an unknown outcome and that showed up.</summary>
    public required long Recovered { get; init; }

    /// <summary>Messages whose publish had an unknown outcome, that did not show up and were never acknowledged.</summary>
    public required long StillUnknown { get; init; }

    /// <summary>Messages that were refused at least once.</summary>
    public required long Rejected { get; init; }

    /// <summary>Whether everything that was pending was processed within the validation window.</summary>
    public required bool DrainFinished { get; init; }

    /// <summary>Whether the stream was read from first to last.</summary>
    public bool ReadFinished { get; init; }

    /// <summary>What happened to the servers, though nobody asked for it.</summary>
    public ImmutableArray<ServerIncident> ServerIncidents { get; init; } = [];

    /// <summary>What was broken on purpose, in the order of the plan.</summary>
    public ImmutableArray<FaultOutcome> Faults { get; init; } = [];

    /// <summary>Faults that happened, and proved it.</summary>
    public required long FaultsBit { get; init; }

    public required LatencyHistogram PublishLatency { get; init; }

    public required LatencyHistogram EndToEndLatency { get; init; }

    /// <summary>What the logs no longer have, though it was judged; null when they have everything.</summary>
    public CompactedRecords? Compacted { get; init; }

    /// <summary>Holes that did not heal: lost and unprocessed.</summary>
    public long Gaps => Count(VerdictClass.Lost) + Count(VerdictClass.Unprocessed);

    /// <summary>Processed twice and stored twice.</summary>
    public long Duplicates => Count(VerdictClass.ProcessedTwice) + Count(VerdictClass.StoredTwice);

    /// <summary>The line that ends a run. What the stream holds at the end belongs to a complete one.</summary>
    public string Summary => string.Create(CultureInfo.InvariantCulture,
        $"Simulation {(ReadFinished ? "complete" : "incomplete")}: {Sent} messages sent, {Received} received, {Gaps} gaps, {Duplicates} duplicates");

    public long Count(VerdictClass verdictClass) => Findings.Single(finding => finding.Class == verdictClass).Count;
}
