using Simulation.History;
using Simulation.JetStream;
using Simulation.Partitioning;
using Simulation.Workload;

namespace Simulation.Actors;

/// <summary>Everything that makes a run what it is. Host builds it from the configuration; nothing in this room reads a file or a flag.</summary>
public sealed record RunOptions
{
    /// <summary>Unique per run; the first part of every message's identity, so that a stream shared with an earlier run cannot confuse.</summary>
    public required string RunId { get; init; }

    /// <summary>For how long producers send.</summary>
    public required TimeSpan Duration { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>What is sent and when, and how long a handler takes.</summary>
    public required WorkloadPlan Workload { get; init; }

    public Guarantees Guarantees { get; init; } = new();

    public PublishingOptions Publishing { get; init; } = new();

    public required ConsumingOptions Consuming { get; init; }

    /// <summary>The clockwork of the worker group, and the strategy by which it deals the partitions.</summary>
    public GroupOptions Group { get; init; } = new();

    public required IAssignmentStrategy Strategy { get; init; }

    public StreamOptions Stream { get; init; } = new();

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

    /// <summary>A full stream must refuse: to drop old messages is a loss that the run itself asks for.</summary>
    public DiscardPolicy Discard { get; init; } = DiscardPolicy.New;

    /// <summary>Within it the server drops a message id that it has seen. Covers the retries of an unknown publish.</summary>
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>That the server refuses for want of room is part of the experiment: producers try again. Else it cuts the run short.</summary>
    public bool MayBeFull { get; init; }

    /// <summary>Leave stream, consumers and buckets behind when the run ends.</summary>
    public bool Keep { get; init; }
}

/// <summary>How producers publish; what and when they publish is the workload's.</summary>
public sealed record PublishingOptions
{
    /// <summary>Messages of one producer that may be on their way at a time; more are not begun until one has its outcome.</summary>
    public int Window { get; init; } = 256;

    /// <summary>After which a publish without an answer is unknown.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause before the same message is published again; doubles up to ten times this.</summary>
    public TimeSpan RetryBackoff { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Wait for a message's outcome before the next one of its partition is published, so that the stream holds a partition in order.</summary>
    public bool Ordered { get; init; } = true;
}

/// <summary>How workers consume.</summary>
public sealed record ConsumingOptions
{
    public required int WorkerCount { get; init; }

    /// <summary>After which an unacknowledged delivery is delivered again. Workers extend it while they hold a message.</summary>
    public TimeSpan AckWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>-1 for no limit.</summary>
    public int MaxDeliver { get; init; } = -1;

    /// <summary>Deliveries of one consumer that may await their acknowledgement.</summary>
    public int MaxAckPending { get; init; } = 1000;

    /// <summary>Messages asked for ahead by each consumer's puller.</summary>
    public int Outstanding { get; init; } = 64;

    /// <summary>How long a pull waits at the server.</summary>
    public TimeSpan PullExpires { get; init; } = TimeSpan.FromSeconds(30);
}
