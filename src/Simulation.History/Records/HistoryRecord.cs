namespace Simulation.History;

/// <summary>
/// One record of one log. One shape for all types keeps reading and folding free of allocations; which of the fields a type uses is
/// said by the <see cref="HistoryWriter"/> method that appends it and by docs/history-format.md.
/// </summary>
public readonly record struct HistoryRecord
{
    public RecordType Type { get; init; }

    /// <summary>Small facts: message faults, the duplicate mark of an acknowledgement, a phase.</summary>
    public byte Flags { get; init; }

    /// <summary>The attempt of an intent, the delivery count of a delivery; 65535 stands for that and more.</summary>
    public ushort Count { get; init; }

    /// <summary>-1 where none is meant or known.</summary>
    public int Partition { get; init; }

    /// <summary>When it was recorded, in microseconds since 1970 (UTC), by the clock of the participant.</summary>
    public long Time { get; init; }

    /// <summary>The first word of the body: the partition sequence in everything that speaks of a message.</summary>
    public long A { get; init; }

    /// <summary>The second word: the stream sequence in everything that the server had stored.</summary>
    public long B { get; init; }

    /// <summary>The third word: the intended send time of an intent and of a delivery.</summary>
    public long C { get; init; }

    public long D { get; init; }

    public string? Text { get; init; }

    public MessageId Message => new(Partition, A);

    public long Sequence => A;

    public ulong StreamSequence => (ulong)B;

    /// <summary>Of an intent and a delivery: when the message should have been sent, in microseconds since 1970.</summary>
    public long IntendedAt => C;

    public MessageFaults Faults => (MessageFaults)Flags;

    /// <summary>Of an acknowledgement: the server said that it had this message already.</summary>
    public bool IsDuplicate => Flags != 0;

    public RunPhase Phase => (RunPhase)Flags;

    public DateTimeOffset At => UnixMicroseconds.ToTime(Time);
}
