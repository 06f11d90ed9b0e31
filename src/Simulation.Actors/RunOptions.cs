using Simulation.JetStream;

namespace Simulation.Actors;

/// <summary>Everything that makes a run what it is. Host builds it from the configuration; nothing in this room reads a file or a flag.</summary>
public sealed record RunOptions
{
    /// <summary>Unique per run; the first part of every message's identity, so that a stream shared with an earlier run cannot confuse.</summary>
    public required string RunId { get; init; }

    /// <summary>For how long producers send.</summary>
    public required TimeSpan Duration { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>How many partitions there are, and how load is shared among them.</summary>
    public required WorkloadPlan Workload { get; init; }

    public required ProducerOptions Producers { get; init; }

    public required WorkerOptions Workers { get; init; }

    public required StreamOptions Stream { get; init; }

    /// <summary>How long the drain may take before the verdict is inconclusive. <c>coordinator.validation_window</c>, default 5 min.</summary>
    public TimeSpan ValidationWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often the tracker folds what the logs have gained.</summary>
    public TimeSpan TrackingInterval { get; init; } = TimeSpan.FromMilliseconds(250);
}

/// <summary>The stream of the run, and what is done with it in the end.</summary>
public sealed record StreamOptions
{
    /// <summary>In front of the names of stream, consumers and buckets. Default <c>SIMULATION</c>.</summary>
    public string Prefix { get; init; } = "SIMULATION";

    public StorageType Storage { get; init; } = StorageType.File;

    public int Replicas { get; init; } = 1;

    /// <summary>-1 for as much as the account allows.</summary>
    public long MaxBytes { get; init; } = -1;

    /// <summary>Within it the server drops a message id that it has seen. Covers the retries of an unknown publish.</summary>
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Leave stream, consumers and buckets behind when the run ends.</summary>
    public bool Keep { get; init; }
}

public sealed record ProducerOptions
{
    public required int Count { get; init; }

    /// <summary>Bytes of a whole message body.</summary>
    public int MessageSize { get; init; } = 256;

    /// <summary>Publishes of one producer that may await their outcome at a time; more are not begun until one ends.</summary>
    public int Window { get; init; } = 256;

    /// <summary>After which a publish without an answer is unknown.</summary>
    public TimeSpan PublishTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause before the same message is published again; doubles up to ten times this.</summary>
    public TimeSpan RetryBackoff { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Wait for a partition's outcome before its next message is published, so that the stream holds a partition in order.</summary>
    public bool Ordered { get; init; } = true;

    /// <summary>No schedule: as fast as the window lets.</summary>
    public bool Unthrottled { get; init; }
}
