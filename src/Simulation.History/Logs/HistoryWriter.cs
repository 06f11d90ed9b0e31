using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Simulation.History;

/// <summary>
/// Appends to one participant's log. A record is there, for every reader and whatever happens to the process, when its method has
/// returned: there is nothing to flush. Record before you act. Not for two threads at once. A method allocates nothing, except when a
/// segment is full and the next one is made; then it may throw an <see cref="IOException"/> (disk full), and nothing was appended.
/// </summary>
public sealed class HistoryWriter : IDisposable
{
    private const int FirstSegment = 256 * 1024;
    private const int LargestSegment = 8 * 1024 * 1024;

    private readonly ILogSegments _segments;
    private readonly string _runId;
    private readonly ParticipantKind _kind;
    private SegmentBuffer _segment;
    private int _offset;
    private long _lastTime;
    private bool _closed;

    internal HistoryWriter(ILogSegments segments, string runId, string participant, ParticipantKind kind, int firstSegment = FirstSegment)
    {
        _segments = segments;
        _runId = runId;
        _kind = kind;
        Participant = participant;
        _segment = NewSegment(firstSegment);
    }

    public string Participant { get; }

    /// <summary>Records appended by this writer.</summary>
    public long Count { get; private set; }

    /// <summary>First record of every incarnation. The incarnation counts from 1; a resumed run or a restarted participant is a later one.</summary>
    public void Started(DateTimeOffset now, int incarnation) => Append(now, RecordType.Started, words: 1, a: incarnation, text: _runId);

    /// <summary>By whoever starts participants, before it starts one: a log that should be there and is not makes the run inconclusive.</summary>
    public void Launched(DateTimeOffset now, string participant) => Append(now, RecordType.Launched, text: participant);

    /// <summary>By whoever starts participants: this one leaves for good, and is not started again when the run is resumed.</summary>
    public void Dismissed(DateTimeOffset now, string participant) => Append(now, RecordType.Dismissed, text: participant);

    /// <summary>By the coordinator of a run whose last one died.</summary>
    /// <param name="now">When it goes on.</param>
    /// <param name="sentFor">For how long messages had been sent by then: without the time in between.</param>
    public void Resumed(DateTimeOffset now, TimeSpan sentFor) =>
        Append(now, RecordType.Resumed, words: 1, a: sentFor.Ticks / TimeSpan.TicksPerMicrosecond);

    public void PhaseChanged(DateTimeOffset now, RunPhase phase) => Append(now, RecordType.PhaseChanged, (byte)phase);

    /// <summary>A stream was made, or found: <paramref name="created"/> tells its incarnations apart. Stream sequences begin anew with it.</summary>
    public void StreamCreated(DateTimeOffset now, string stream, DateTimeOffset created) =>
        Append(now, RecordType.StreamCreated, words: 1, a: UnixMicroseconds.From(created), text: stream);

    public void GuaranteesDeclared(DateTimeOffset now, Guarantees guarantees) => Append(now, RecordType.GuaranteesDeclared,
        (byte)((guarantees.EffectivelyOnce ? 1 : 0) | (guarantees.Ordered ? 2 : 0) | (guarantees.Exclusive ? 4 : 0)));

    /// <summary>Before a publish. <paramref name="attempt"/> is 1 for the first; a retry keeps the identity.</summary>
    public void Intent(DateTimeOffset now, MessageId message, long producerSequence, DateTimeOffset intendedAt, int attempt, int payloadSize, uint payloadDigest) =>
        Append(now, RecordType.Intent, 0, attempt, message.Partition, 4,
            message.Sequence, producerSequence, UnixMicroseconds.From(intendedAt), ((long)payloadSize << 32) | payloadDigest);

    public void Acknowledged(DateTimeOffset now, MessageId message, ulong streamSequence, bool duplicate) =>
        Append(now, RecordType.Acknowledged, duplicate ? (byte)1 : (byte)0, 0, message.Partition, 2, message.Sequence, (long)streamSequence);

    public void Rejected(DateTimeOffset now, MessageId message, int errorCode, string? text) =>
        Append(now, RecordType.Rejected, 0, 0, message.Partition, 2, message.Sequence, errorCode, text: text);

    /// <param name="now">When.</param>
    /// <param name="message">Which.</param>
    /// <param name="reason">Timeout, connection lost …</param>
    public void Unknown(DateTimeOffset now, MessageId message, string? reason) =>
        Append(now, RecordType.Unknown, 0, 0, message.Partition, 1, message.Sequence, text: reason);

    /// <summary>By its producer: from now on messages are sent to the partition.</summary>
    /// <param name="now">When.</param>
    /// <param name="partition">Which.</param>
    /// <param name="after">The last sequence taken so far.</param>
    /// <param name="sentFor">For how long messages had been sent; a run that is resumed was not sending all the time since.</param>
    public void PartitionOpened(DateTimeOffset now, int partition, long after, TimeSpan sentFor) =>
        Append(now, RecordType.PartitionOpened, partition: partition, words: 2, a: after, b: sentFor.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>By its producer: nothing new is sent to the partition. Parameters as of <see cref="PartitionOpened"/>.</summary>
    public void PartitionRetired(DateTimeOffset now, int partition, long after, TimeSpan sentFor) =>
        Append(now, RecordType.PartitionRetired, partition: partition, words: 2, a: after, b: sentFor.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>By the coordinator: from now on so many partitions, those with the lowest numbers, are to be sent to.</summary>
    public void PartitionsChanged(DateTimeOffset now, int count) => Append(now, RecordType.PartitionsChanged, words: 1, a: count);

    /// <summary>Before anything is done with a delivery.</summary>
    /// <param name="now">When it was received.</param>
    /// <param name="message">Who it says it is: by its <c>Nats-Msg-Id</c>, else by its body; <see cref="MessageId.None"/> if neither can be read.</param>
    /// <param name="streamSequence">Where the stream has it.</param>
    /// <param name="consumerSequence">The how-manieth delivery of its consumer it is.</param>
    /// <param name="deliveryCount">1 for the first delivery.</param>
    /// <param name="intendedAt">The body's timestamp, for the end-to-end latency.</param>
    /// <param name="faults">What is wrong with it.</param>
    public void Delivered(DateTimeOffset now, MessageId message, ulong streamSequence, ulong consumerSequence, int deliveryCount,
        DateTimeOffset intendedAt, MessageFaults faults = MessageFaults.None) =>
        Append(now, RecordType.Delivered, (byte)faults, deliveryCount, message.Partition, 4,
            message.Sequence, (long)streamSequence, UnixMicroseconds.From(intendedAt), (long)consumerSequence);

    /// <summary>The handler has run, and nothing has been acknowledged yet.</summary>
    public void Processed(DateTimeOffset now, MessageId message, ulong streamSequence, int deliveryCount) =>
        Append(now, RecordType.Processed, 0, deliveryCount, message.Partition, 2, message.Sequence, (long)streamSequence);

    public void AckSent(DateTimeOffset now, MessageId message, ulong streamSequence) => Settle(now, RecordType.AckSent, message, streamSequence);

    public void AckConfirmed(DateTimeOffset now, MessageId message, ulong streamSequence) => Settle(now, RecordType.AckConfirmed, message, streamSequence);

    public void AckUnknown(DateTimeOffset now, MessageId message, ulong streamSequence) => Settle(now, RecordType.AckUnknown, message, streamSequence);

    public void NakSent(DateTimeOffset now, MessageId message, ulong streamSequence) => Settle(now, RecordType.NakSent, message, streamSequence);

    public void TermSent(DateTimeOffset now, MessageId message, ulong streamSequence) => Settle(now, RecordType.TermSent, message, streamSequence);

    /// <summary>Before the first fetch under a new assignment. One record for each partition, also where a group is owned as a whole.</summary>
    public void OwnershipStarted(DateTimeOffset now, int partition, long epoch) => Append(now, RecordType.OwnershipStarted, 0, 0, partition, 1, epoch);

    /// <summary>After the last message in flight is finished or released.</summary>
    public void OwnershipEnded(DateTimeOffset now, int partition, long epoch) => Append(now, RecordType.OwnershipEnded, 0, 0, partition, 1, epoch);

    /// <summary>One message of the final read.</summary>
    public void Stored(DateTimeOffset now, MessageId message, ulong streamSequence, MessageFaults faults = MessageFaults.None) =>
        Append(now, RecordType.Stored, (byte)faults, 0, message.Partition, 2, message.Sequence, (long)streamSequence);

    public void FinalReadCompleted(DateTimeOffset now, ulong firstSequence, ulong lastSequence, long count) =>
        Append(now, RecordType.FinalReadCompleted, words: 3, a: (long)firstSequence, b: (long)lastSequence, c: count);

    public void FinalReadFailed(DateTimeOffset now, string reason) => Append(now, RecordType.FinalReadFailed, text: reason);

    /// <summary>The run ends before its time because something that it needs is gone.</summary>
    public void CutShort(DateTimeOffset now, string reason) => Append(now, RecordType.CutShort, text: reason);

    public void DrainFinished(DateTimeOffset now) => Append(now, RecordType.DrainFinished);

    public void DrainTimedOut(DateTimeOffset now, long pending, long ackPending) =>
        Append(now, RecordType.DrainTimedOut, words: 2, a: pending, b: ackPending);

    /// <summary>The server died, was restarted …: <paramref name="what"/> says it, <paramref name="cost"/> how long it was away.</summary>
    public void ServerEvent(DateTimeOffset now, string what, TimeSpan cost) =>
        Append(now, RecordType.ServerEvent, words: 1, a: cost.Ticks / TimeSpan.TicksPerMicrosecond, text: what);

    public void FaultPlanned(DateTimeOffset now, long fault, string what) => Append(now, RecordType.FaultPlanned, words: 1, a: fault, text: what);

    public void FaultStarted(DateTimeOffset now, long fault, string what) => Append(now, RecordType.FaultStarted, words: 1, a: fault, text: what);

    /// <summary>The proof that the fault happened: the process did die, the connection did drop.</summary>
    public void FaultBit(DateTimeOffset now, long fault, string proof) => Append(now, RecordType.FaultBit, words: 1, a: fault, text: proof);

    public void FaultMissed(DateTimeOffset now, long fault, string why) => Append(now, RecordType.FaultMissed, words: 1, a: fault, text: why);

    public void FaultEnded(DateTimeOffset now, long fault) => Append(now, RecordType.FaultEnded, words: 1, a: fault);

    /// <param name="now">The time.</param>
    /// <param name="fault">Its number.</param>
    /// <param name="stage">What is well again.</param>
    /// <param name="after">Since the fault began.</param>
    public void FaultRecovered(DateTimeOffset now, long fault, RecoveryStage stage, TimeSpan after) =>
        Append(now, RecordType.FaultRecovered, (byte)stage, words: 2, a: fault, b: after.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>Nothing happened up to now: lets a live reader go on without this participant.</summary>
    public void Heartbeat(DateTimeOffset now) => Append(now, RecordType.Heartbeat);

    public void Note(DateTimeOffset now, string text) => Append(now, RecordType.Note, text: text);

    /// <summary>Closes the log in order: its last segment is sealed and cut to its real length.</summary>
    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        Seal(_segment, _offset, continues: false);
    }

    private void Settle(DateTimeOffset now, RecordType type, MessageId message, ulong streamSequence) =>
        Append(now, type, 0, 0, message.Partition, 2, message.Sequence, (long)streamSequence);

    private void Append(DateTimeOffset now, RecordType type, byte flags = 0, int count = 0, int partition = -1, int words = 0,
        long a = 0, long b = 0, long c = 0, long d = 0, string? text = null)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        int head = LogFormat.RecordHead + (words * sizeof(long));
        int most = head + (text is null ? 0 : Math.Min(Encoding.UTF8.GetMaxByteCount(text.Length), LogFormat.MaxText));

        // The end mark always finds room: a segment counts as full before it is.
        if (_offset + LogFormat.Padded(most) + LogFormat.SegmentEndSize > _segment.Capacity)
        {
            RollOver();
        }

        Span<byte> record = _segment.Bytes[_offset..];
        record[8] = (byte)type;
        record[9] = flags;
        Put(record, 10, (ushort)Math.Clamp(count, 0, ushort.MaxValue));
        Put(record, 12, partition);
        Put(record, 16, _lastTime = UnixMicroseconds.From(now));
        switch (words)
        {
            case 4:
                Put(record, 48, d);
                goto case 3;
            case 3:
                Put(record, 40, c);
                goto case 2;
            case 2:
                Put(record, 32, b);
                goto case 1;
            case 1:
                Put(record, 24, a);
                break;
        }

        int length = head;
        if (text is not null)
        {
            Utf8.FromUtf16(text, record.Slice(head, most - head), out _, out int written);
            length += written;
            record[length..LogFormat.Padded(length)].Clear();
        }

        Publish(record, length);
        _offset += LogFormat.Padded(length);
        Count++;
    }

    /// <summary>Length and checksum go in last, in one aligned store: a reader sees the whole record or none of it.</summary>
    private static void Publish(Span<byte> record, int length)
    {
        uint checksum = LogFormat.Checksum((uint)length, record[8..LogFormat.Padded(length)]);
        Volatile.Write(ref Unsafe.As<byte, ulong>(ref MemoryMarshal.GetReference(record)), ((ulong)checksum << 32) | (uint)length);
    }

    private static void Put<T>(Span<byte> record, int offset, T value) where T : unmanaged =>
        Unsafe.WriteUnaligned(ref record[offset], value);

    /// <summary>The new segment is made before the old one is sealed: a sealed segment that says it goes on always does.</summary>
    private void RollOver()
    {
        SegmentBuffer full = _segment;
        int used = _offset;
        _segment = NewSegment(Math.Min(full.Capacity * 2, LargestSegment));
        Seal(full, used, continues: true);
    }

    private SegmentBuffer NewSegment(int capacity)
    {
        int headerLength = 0;
        SegmentBuffer segment = _segments.Append(number =>
        {
            byte[] header = LogFormat.SegmentHeader(_runId, Participant, _kind, number, capacity);
            headerLength = header.Length;
            return header;
        }, capacity);
        _offset = headerLength;
        return segment;
    }

    private void Seal(SegmentBuffer segment, int offset, bool continues)
    {
        Span<byte> record = segment.Bytes[offset..];
        record[8] = (byte)RecordType.SegmentEnd;
        record[9] = continues ? (byte)1 : (byte)0;
        Put(record, 10, (ushort)0);
        Put(record, 12, -1);
        Put(record, 16, _lastTime);
        Put(record, 24, (long)offset);
        Publish(record, LogFormat.SegmentEndSize);
        segment.Close(offset + LogFormat.SegmentEndSize);
    }
}
