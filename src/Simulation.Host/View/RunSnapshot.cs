using System.Collections.Immutable;
using Simulation.History;

namespace Simulation.Host.View;

/// <summary>How a run stands: what views show and metrics tell.</summary>
public sealed record RunSnapshot
{
    /// <summary>In a word: starting, running, draining, reading, finished.</summary>
    public required string Phase { get; init; }

    /// <summary>Since the first message was due.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>How long producers send.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Messages that a producer meant to send.</summary>
    public long Intended { get; init; }

    /// <summary>Messages acknowledged by the server.</summary>
    public long Sent { get; init; }

    /// <summary>Messages processed, each counted once.</summary>
    public long Received { get; init; }

    public long Deliveries { get; init; }

    public long Redelivered { get; init; }

    /// <summary>Messages that were refused at least once.</summary>
    public long Rejected { get; init; }

    /// <summary>Messages whose publish has no known outcome, and that have shown up.</summary>
    public long Recovered { get; init; }

    /// <summary>Messages whose publish has no known outcome so far.</summary>
    public long Unknown { get; init; }

    /// <summary>Messages missing below the highest delivery of their partition; they may still come.</summary>
    public long GapsPending { get; init; }

    /// <summary>How long the oldest of them has been missing; null for none.</summary>
    public TimeSpan? OldestGap { get; init; }

    /// <summary>Processed twice and stored twice.</summary>
    public long Duplicates { get; init; }

    /// <summary>All classes of the verdict of which something can be said already.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>What is certain already, in words; empty while nothing is wrong.</summary>
    public ImmutableArray<string> Violations { get; init; } = [];

    public int WorkersActive { get; init; }

    public int PartitionsOwned { get; init; }

    public int PartitionsTotal { get; init; }

    /// <summary>What the producers' rates are multiplied with now.</summary>
    public double RateMultiplier { get; init; } = 1;

    /// <summary>How many partitions each worker owns.</summary>
    public ImmutableArray<int> PartitionsPerWorker { get; init; } = [];

    /// <summary>The same by name, for metrics.</summary>
    public IReadOnlyDictionary<string, int> Workers { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>The worker that leads the others; null for none.</summary>
    public string? Leader { get; init; }

    /// <summary>By partition: for metrics.</summary>
    public ImmutableArray<PartitionCounts> Partitions { get; init; } = [];

    /// <summary>Acknowledged and not processed.</summary>
    public long Lag => Math.Max(0, Sent - Received);

    public string VerdictSoFar => Violations.IsEmpty ? "nothing wrong so far" : $"violated: {string.Join(", ", Violations)}";
}
