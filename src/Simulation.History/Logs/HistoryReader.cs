using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Simulation.History;

/// <summary>
/// Reads one participant's log, record by record, also while it is written. Damage is reported and stepped over: reading goes on with
/// the next record whose checksum holds.
/// </summary>
public sealed class HistoryReader : IDisposable
{
    private const int MaxAhead = 64 * 1024;
    private const int MinAhead = 2 * LogFormat.MaxRecord;

    private readonly ILogSegments _segments;
    private readonly string? _runId;
    private readonly List<LogDamage> _damages = [];
    private byte[] _buffer = [];

    /// <summary>How much to read at a time: a little at the end of a live log, where mostly zeros follow, and more as more comes.</summary>
    private int _ahead = MaxAhead;
    private SegmentSource? _segment;
    private bool _rests;
    private int _number;
    private long _offset;
    private long _capacity;
    private long _bufferStart;
    private int _bufferLength;

    internal HistoryReader(ILogSegments segments, string participant, string? runId)
    {
        _segments = segments;
        _runId = runId;
        Participant = participant;
    }

    private enum Found
    {
        Record,
        Nothing,
        Nonsense,
    }

    public string Participant { get; }

    public ParticipantKind Kind { get; private set; }

    /// <summary>Records read so far.</summary>
    public long Count { get; private set; }

    /// <summary>The writer closed the log in order, and everything has been read.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>
    /// Set when nobody writes any more. What is missing at the end of the log is then damage, and no longer something that is still to come.
    /// </summary>
    public bool IsFinal { get; set; }

    public IReadOnlyList<LogDamage> Damages => _damages;

    /// <summary>The record that was read last; meaningless before the first.</summary>
    internal RecordPlace Last { get; private set; }

    /// <returns>False when there is nothing more for now.</returns>
    public bool TryRead(out HistoryRecord record)
    {
        while (_segment is not null || WakeUp() || OpenNext())
        {
            switch (Peek(_offset, out int length))
            {
                case Found.Record:
                    record = Decode(length);
                    long at = _offset;
                    _offset += LogFormat.Padded(length);
                    if (record.Type != RecordType.SegmentEnd)
                    {
                        Last = new RecordPlace(_number, at, ChecksumAt(at));
                        Count++;
                        return true;
                    }

                    EndOfSegment(continues: record.Flags != 0);
                    break;
                case Found.Nothing when !IsOver():
                case Found.Nonsense when !StepOverDamage():
                    record = default;
                    return false;
                case Found.Nothing when Peek(_offset, out _) == Found.Nothing:
                    LeaveAbandonedSegment();
                    break;
            }
        }

        record = default;
        return false;
    }

    public void Dispose()
    {
        Leave();
        GiveBackBuffer();
    }

    /// <summary>Gives back file and memory until it is asked again: a run has many logs in which nobody writes any more.</summary>
    internal void Rest()
    {
        _rests = _segment is not null;
        Leave();
        GiveBackBuffer();
    }

    /// <summary>Goes on behind that record, as if everything up to it had been read.</summary>
    /// <returns>False when the log does not have it, or no more; nothing can be read then.</returns>
    internal bool TryGoBehind(RecordPlace place)
    {
        _number = place.Segment - 1;
        if (!_segments.Exists(place.Segment) || !OpenNext() || Peek(place.Offset, out int length) != Found.Record || ChecksumAt(place.Offset) != place.Checksum)
        {
            return false;
        }

        Last = place;
        _offset = place.Offset + LogFormat.Padded(length);
        return true;
    }

    private uint ChecksumAt(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan((int)(offset - _bufferStart) + 4));

    /// <summary>Nobody writes into this segment any more: its participant went on in a later one, or the run is over.</summary>
    private bool IsOver() => IsFinal || _segments.Exists(_number + 1);

    private bool WakeUp()
    {
        if (_rests)
        {
            _rests = false;
            _segment = _segments.Open(_number);
        }

        return _segment is not null;
    }

    private bool OpenNext()
    {
        for (int last = _number + 1; _number < last; last = _segments.Last)
        {
            if (_segments.Open(_number + 1) is { } next)
            {
                _number++;
                _segment = next;
                IsClosed = false;
                ReadHeader(next);
                return true;
            }

            if (!IsFinal)
            {
                return false;
            }

            if (_segments.Last > _number)
            {
                _number++;
                _damages.Add(new LogDamage(Participant, 0, $"segment {_number} is missing, and a later one is there"));
            }
        }

        return false;
    }

    private void ReadHeader(SegmentSource segment)
    {
        Fill(0);
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, _bufferLength);
        string? wrong = HeaderProblem(bytes, out int headerLength);
        if (wrong is null)
        {
            Kind = (ParticipantKind)bytes[10];
            _capacity = BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]);
            _offset = headerLength;
            return;
        }

        _damages.Add(new LogDamage(segment.Name, 0, wrong));
        _capacity = 0;
        _offset = LogFormat.FixedHeader;
        Resynchronise();
    }

    private string? HeaderProblem(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (bytes.Length < LogFormat.FixedHeader || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != LogFormat.Magic)
        {
            return "this is not a history segment, or its header is damaged";
        }

        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        if (version != LogFormat.Version)
        {
            return $"format version {version}; this program reads version {LogFormat.Version}";
        }

        uint claimed = BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]);
        int run = BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]);
        int name = BinaryPrimitives.ReadUInt16LittleEndian(bytes[30..]);
        if (claimed > bytes.Length || claimed != LogFormat.Padded(LogFormat.FixedHeader + run + name)
            || LogFormat.HeaderChecksum(bytes[..(int)claimed]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]))
        {
            return "the header's checksum or length is wrong";
        }

        length = (int)claimed;
        string runId = Encoding.UTF8.GetString(bytes.Slice(LogFormat.FixedHeader, run));
        string participant = Encoding.UTF8.GetString(bytes.Slice(LogFormat.FixedHeader + run, name));
        uint number = BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]);
        return participant != Participant || number != _number || (_runId is not null && runId != _runId)
            ? $"this is segment {number} of {participant} in run {runId}, put in the place of another"
            : null;
    }

    /// <summary>Looks at a place; a bad record is read once more, because a live one may have been caught between two of the copy's bytes.</summary>
    private Found Peek(long offset, out int length)
    {
        Found found = PeekBuffered(offset, out length);
        if (found != Found.Record && !IsUnwritten(offset))
        {
            Fill(offset);
            found = PeekBuffered(offset, out length);
        }

        return found;
    }

    /// <summary>The question that a live log is asked most often; it shall not cost a whole buffer of zeros.</summary>
    private bool IsUnwritten(long offset)
    {
        Span<byte> head = stackalloc byte[sizeof(ulong)];
        if (_segment!.Read(offset, head) < head.Length || BinaryPrimitives.ReadUInt64LittleEndian(head) != 0)
        {
            return false;
        }

        _ahead = MinAhead;
        return true;
    }

    private Found PeekBuffered(long offset, out int length)
    {
        length = 0;
        long at = offset - _bufferStart;
        if (at < 0 || at + sizeof(ulong) > _bufferLength)
        {
            return Found.Nothing;
        }

        ReadOnlySpan<byte> rest = _buffer.AsSpan((int)at, _bufferLength - (int)at);
        ulong first = BinaryPrimitives.ReadUInt64LittleEndian(rest);
        uint claimed = (uint)first;
        if (claimed == 0)
        {
            return first == 0 ? Found.Nothing : Found.Nonsense;
        }

        if (claimed is < LogFormat.RecordHead or > LogFormat.MaxRecord || LogFormat.Padded((int)claimed) > rest.Length)
        {
            return Found.Nonsense;
        }

        length = (int)claimed;
        return LogFormat.Checksum(claimed, rest[8..LogFormat.Padded(length)]) == (uint)(first >> 32) ? Found.Record : Found.Nonsense;
    }

    private HistoryRecord Decode(int length)
    {
        ReadOnlySpan<byte> record = _buffer.AsSpan((int)(_offset - _bufferStart), length);
        var type = (RecordType)record[8];
        int words = LogFormat.Words(type);
        int text = LogFormat.RecordHead + (words * sizeof(long));
        return new HistoryRecord
        {
            Type = type,
            Flags = record[9],
            Count = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]),
            Partition = BinaryPrimitives.ReadInt32LittleEndian(record[12..]),
            Time = BinaryPrimitives.ReadInt64LittleEndian(record[16..]),
            A = words > 0 ? BinaryPrimitives.ReadInt64LittleEndian(record[24..]) : 0,
            B = words > 1 ? BinaryPrimitives.ReadInt64LittleEndian(record[32..]) : 0,
            C = words > 2 ? BinaryPrimitives.ReadInt64LittleEndian(record[40..]) : 0,
            D = words > 3 ? BinaryPrimitives.ReadInt64LittleEndian(record[48..]) : 0,
            Text = length > text && LogFormat.IsKnown(type) ? Encoding.UTF8.GetString(record[text..]) : null,
        };
    }

    private void EndOfSegment(bool continues)
    {
        bool isLast = !_segments.Exists(_number + 1);
        if (continues && isLast && IsFinal)
        {
            _damages.Add(new LogDamage(_segment!.Name, _offset, $"the log goes on, and segment {_number + 1} is missing"));
        }

        IsClosed = isLast && !continues;
        Leave();
    }

    /// <summary>
    /// The writer was killed: there is no end mark, and the segment has its full length. Anything else at the end is damage: a file cut
    /// short, or a record behind a place where none begins.
    /// </summary>
    private void LeaveAbandonedSegment()
    {
        long end = _offset;
        if (_segment!.Length < _capacity)
        {
            _damages.Add(new LogDamage(_segment.Name, end, $"the segment was cut short: {_segment.Length} of {_capacity} bytes"));
        }

        if (!Resynchronise())
        {
            Leave();
        }
        else if (Peek(end, out _) == Found.Record)
        {
            _offset = end; // It was being written while we looked.
        }
        else
        {
            _damages.Add(new LogDamage(_segment.Name, end, $"records are missing; the next one is at byte {_offset}"));
        }
    }

    /// <returns>False when what follows may still be written.</returns>
    private bool StepOverDamage()
    {
        const string Wrong = "the record's checksum or length is wrong";
        long from = _offset;
        if (Resynchronise())
        {
            _damages.Add(new LogDamage(_segment!.Name, from, $"{Wrong}; the next good record is at byte {_offset}"));
            return true;
        }

        if (!IsOver())
        {
            return false;
        }

        _damages.Add(new LogDamage(_segment!.Name, from, $"{Wrong}, and no good record follows"));
        Leave();
        return true;
    }

    /// <summary>Moves on to the next place behind this one where a whole record lies.</summary>
    private bool Resynchronise()
    {
        long end = _segment!.Length;
        for (long offset = _offset + 8; offset + LogFormat.RecordHead <= end; offset += 8)
        {
            if (offset + LogFormat.MaxRecord > _bufferStart + _bufferLength || offset < _bufferStart)
            {
                Fill(offset);
            }

            if (PeekBuffered(offset, out _) == Found.Record)
            {
                _offset = offset;
                return true;
            }
        }

        return false;
    }

    private void Leave()
    {
        _segment?.Dispose();
        _segment = null;
    }

    /// <summary>Every log is read several times in a run: by its writer's successor, by the tracker, by the judge.</summary>
    private void GiveBackBuffer()
    {
        byte[] buffer = _buffer;
        (_buffer, _bufferLength) = ([], 0);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Fill(long offset)
    {
        if (_buffer.Length == 0)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(MaxAhead);
        }

        _bufferStart = offset;
        _bufferLength = _segment!.Read(offset, _buffer.AsSpan(0, _ahead));
        _ahead = Math.Min(_ahead * 2, MaxAhead);
    }
}
