using System.Buffers.Binary;
using System.Buffers.Text;

namespace Simulation.Workload;

/// <summary>
/// Message bodies: a JSON object, a line feed, payload bytes, and a CRC-32C over all of it (docs/message-format.md). Writing and reading
/// allocate nothing. Reading accepts exactly what writing produces.
/// </summary>
public static class MessageCodec
{
    /// <summary>Bytes that header and checksum take at most.</summary>
    public const int MaxOverhead = 99 + (3 * MaxIntDigits) + (3 * MaxLongDigits) + ChecksumSize;

    private const int ChecksumSize = sizeof(uint);
    private const int MaxIntDigits = 10;
    private const int MaxLongDigits = 19;

    /// <summary>Bytes that a buffer for bodies of this size needs: the size itself, or more where the header might not fit into it.</summary>
    public static int BufferSize(int size) => Math.Max(size, MaxOverhead);

    /// <summary>The checksum that a whole body ends with.</summary>
    public static uint ChecksumOf(ReadOnlySpan<byte> body) => BinaryPrimitives.ReadUInt32LittleEndian(body[^ChecksumSize..]);

    /// <param name="size">Bytes that the body shall have; it has more when header and checksum need them.</param>
    /// <param name="written">Bytes that it has.</param>
    /// <returns>False when the destination is too small; see <see cref="BufferSize"/>.</returns>
    public static bool TryWrite(Span<byte> destination, in MessageHeader header, int size, out int written)
    {
        written = 0;
        if (!TryWriteHeader(destination, header, out var headerLength))
        {
            return false;
        }

        var payloadLength = Math.Max(0, size - headerLength - ChecksumSize);
        var bodyLength = headerLength + payloadLength + ChecksumSize;
        if (destination.Length < bodyLength)
        {
            return false;
        }

        new PayloadPattern(header, payloadLength).Fill(destination.Slice(headerLength, payloadLength));
        var covered = destination[..(bodyLength - ChecksumSize)];
        BinaryPrimitives.WriteUInt32LittleEndian(destination[covered.Length..], Crc32C.Compute(covered));
        written = bodyLength;
        return true;
    }

    /// <param name="header">What the message says about itself; default when there is a problem, because then nothing in it can be trusted.</param>
    /// <param name="problem">Why it returned false; none otherwise.</param>
    public static bool TryRead(ReadOnlySpan<byte> body, out MessageHeader header, out MessageProblem problem)
    {
        problem = Check(body, out header);
        if (problem == MessageProblem.None)
        {
            return true;
        }

        header = default;
        return false;
    }

    private static MessageProblem Check(ReadOnlySpan<byte> body, out MessageHeader header)
    {
        if (!TryReadHeader(body, out header, out var headerLength) || body.Length < headerLength + ChecksumSize)
        {
            return MessageProblem.MalformedHeader;
        }

        var covered = body[..^ChecksumSize];
        if (Crc32C.Compute(covered) != BinaryPrimitives.ReadUInt32LittleEndian(body[covered.Length..]))
        {
            return MessageProblem.WrongChecksum;
        }

        var payload = covered[headerLength..];
        return new PayloadPattern(header, payload.Length).Matches(payload) ? MessageProblem.None : MessageProblem.WrongPayload;
    }

    private static bool TryWriteHeader(Span<byte> destination, in MessageHeader header, out int length)
    {
        length = 0;
        return Write(destination, ref length, "{\"partition_id\":"u8, header.PartitionId)
            && Write(destination, ref length, ",\"producer_id\":"u8, header.ProducerId)
            && Write(destination, ref length, ",\"partition_sequence\":"u8, header.PartitionSequence)
            && Write(destination, ref length, ",\"producer_sequence\":"u8, header.ProducerSequence)
            && Write(destination, ref length, ",\"timestamp\":"u8, header.TimestampMicroseconds)
            && Write(destination, ref length, ",\"weight\":"u8, header.Weight)
            && Write(destination, ref length, "}\n"u8);
    }

    private static bool TryReadHeader(ReadOnlySpan<byte> body, out MessageHeader header, out int length)
    {
        var rest = body;
        header = default;
        length = 0;
        if (!Read(ref rest, "{\"partition_id\":"u8, int.MaxValue, out var partition)
            || !Read(ref rest, ",\"producer_id\":"u8, int.MaxValue, out var producer)
            || !Read(ref rest, ",\"partition_sequence\":"u8, long.MaxValue, out var partitionSequence)
            || !Read(ref rest, ",\"producer_sequence\":"u8, long.MaxValue, out var producerSequence)
            || !Read(ref rest, ",\"timestamp\":"u8, long.MaxValue, out var timestamp)
            || !Read(ref rest, ",\"weight\":"u8, int.MaxValue, out var weight)
            || !rest.StartsWith("}\n"u8))
        {
            return false;
        }

        header = new MessageHeader((int)partition, (int)producer, partitionSequence, producerSequence, timestamp, (int)weight);
        length = body.Length - rest.Length + "}\n"u8.Length;
        return true;
    }

    private static bool Write(Span<byte> destination, ref int length, ReadOnlySpan<byte> key, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        if (!Write(destination, ref length, key) || !Utf8Formatter.TryFormat(value, destination[length..], out var digits))
        {
            return false;
        }

        length += digits;
        return true;
    }

    private static bool Write(Span<byte> destination, ref int length, ReadOnlySpan<byte> text)
    {
        if (!text.TryCopyTo(destination[length..]))
        {
            return false;
        }

        length += text.Length;
        return true;
    }

    private static bool Read(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> key, long max, out long value)
    {
        value = 0;
        if (!rest.StartsWith(key) || !DecimalText.TryRead(rest[key.Length..], max, out value, out var digits))
        {
            return false;
        }

        rest = rest[(key.Length + digits)..];
        return true;
    }
}
