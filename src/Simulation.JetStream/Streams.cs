using System.Collections.Immutable;

namespace Simulation.JetStream;

public enum StorageType { File, Memory }

public enum RetentionPolicy { Limits, Interest, WorkQueue }

public enum DiscardPolicy { Old, New }

/// <summary>A stream as asked for, or as the server says that it is. -1 and zero durations mean no limit, as on the wire.</summary>
public sealed record StreamConfig
{
    public required string Name { get; init; }

    public ImmutableArray<string> Subjects { get; init; } = [];

    public string? Description { get; init; }

    public StorageType Storage { get; init; } = StorageType.File;

    public RetentionPolicy Retention { get; init; } = RetentionPolicy.Limits;

    public DiscardPolicy Discard { get; init; } = DiscardPolicy.Old;

    public int Replicas { get; init; } = 1;

    public long MaxMessages { get; init; } = -1;

    public long MaxBytes { get; init; } = -1;

    public TimeSpan MaxAge { get; init; } = TimeSpan.Zero;

    public long MaxMessagesPerSubject { get; init; } = -1;

    public int MaxMessageSize { get; init; } = -1;

    public int MaxConsumers { get; init; } = -1;

    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromMinutes(2);

    public bool AllowRollup { get; init; }

    public bool DenyDelete { get; init; }

    public bool AllowDirect { get; init; }
}

/// <param name="Created">Tells one incarnation of a stream's name from the next.</param>
/// <param name="Leader">Server name; null for a lone server.</param>
public sealed record StreamInfo(
    StreamConfig Config, DateTimeOffset Created, long Messages, long Bytes, ulong FirstSequence, ulong LastSequence, int ConsumerCount, string? Leader);

public enum DeliverPolicy { All, Last, New, ByStartSequence, LastPerSubject }

public enum AckPolicy { Explicit, All, None }

/// <summary>A pull consumer as asked for, or as the server says that it is.</summary>
public sealed record ConsumerConfig
{
    /// <summary>Durable name.</summary>
    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>None: everything. Several need server 2.10; before that <see cref="JetStreamApiException"/>, never silence.</summary>
    public ImmutableArray<string> FilterSubjects { get; init; } = [];

    public DeliverPolicy DeliverPolicy { get; init; } = DeliverPolicy.All;

    public ulong StartSequence { get; init; }

    public AckPolicy AckPolicy { get; init; } = AckPolicy.Explicit;

    public TimeSpan AckWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>-1 for no limit.</summary>
    public int MaxDeliver { get; init; } = -1;

    public ImmutableArray<TimeSpan> BackOff { get; init; } = [];

    public int MaxAckPending { get; init; } = 1000;

    /// <summary>How many pulls may wait at the server.</summary>
    public int MaxWaiting { get; init; } = 512;

    /// <summary>Zero: never removed for inactivity.</summary>
    public TimeSpan InactiveThreshold { get; init; } = TimeSpan.Zero;

    public bool MemoryStorage { get; init; }

    /// <summary>0: as the stream.</summary>
    public int Replicas { get; init; }
}

/// <param name="DeliveredStreamSequence">Stream sequence of the last message delivered.</param>
/// <param name="AckFloorStreamSequence">Everything up to here is acknowledged.</param>
/// <param name="AckPending">Delivered and awaiting an acknowledgement.</param>
/// <param name="Pending">Matching and not yet delivered.</param>
public sealed record ConsumerInfo(
    string Stream, ConsumerConfig Config, DateTimeOffset Created, ulong DeliveredStreamSequence, ulong DeliveredConsumerSequence,
    ulong AckFloorStreamSequence, long AckPending, long Redelivered, long Waiting, long Pending, string? Leader);

/// <param name="Headers">The raw header block after the version line; empty for none.</param>
public sealed record StoredMessage(string Subject, ulong Sequence, DateTimeOffset Time, ReadOnlyMemory<byte> Payload, ReadOnlyMemory<byte> Headers)
{
    /// <returns>The first value of a header, or null.</returns>
    public string? Header(string name) => HeaderBlock.Find(Headers.Span, name);
}
