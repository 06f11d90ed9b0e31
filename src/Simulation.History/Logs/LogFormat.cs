using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Simulation.History;

/// <summary>The byte format, as docs/history-format.md tells it to other implementers. All numbers are little-endian.</summary>
internal static class LogFormat
{
    public const ulong Magic = 0x3154_5349_484D_4953; // "SIMHIST1"
    public const ushort Version = 1;

    /// <summary>Length and checksum, type and small fields, time; then the words of the body, then text.</summary>
    public const int RecordHead = 24;

    public const int MaxRecord = 4096;
    public const int MaxText = MaxRecord - RecordHead - (4 * sizeof(long));
    public const int SegmentEndSize = RecordHead + sizeof(long);
    public const int FixedHeader = 40;

    public static int Padded(int length) => (length + 7) & ~7;

    /// <summary>How many 8-byte words lie between a record's head and its text.</summary>
    public static int Words(RecordType type) => type switch
    {
        RecordType.Intent or RecordType.Delivered => 4,
        RecordType.FinalReadCompleted => 3,
        RecordType.Acknowledged or RecordType.Rejected or RecordType.Processed or RecordType.AckSent or RecordType.AckConfirmed
            or RecordType.AckUnknown or RecordType.NakSent or RecordType.TermSent or RecordType.Stored or RecordType.DrainTimedOut
            or RecordType.FaultRecovered or RecordType.PartitionOpened or RecordType.PartitionRetired => 2,
        RecordType.Started or RecordType.Resumed or RecordType.StreamCreated or RecordType.Unknown or RecordType.OwnershipStarted or RecordType.OwnershipEnded
            or RecordType.ServerEvent or RecordType.FaultPlanned or RecordType.FaultStarted or RecordType.FaultBit
            or RecordType.FaultMissed or RecordType.FaultEnded or RecordType.SegmentEnd
            or RecordType.PartitionsChanged => 1,
        _ => 0,
    };

    /// <summary>Whether this program knows what the type means; a later one may have more.</summary>
    public static bool IsKnown(RecordType type) => Enum.IsDefined(type);

    /// <summary>CRC32C of whole words, the checksum field among them taken as zero.</summary>
    public static uint Checksum(uint length, ReadOnlySpan<byte> behindFirstWord)
    {
        uint crc = BitOperations.Crc32C(uint.MaxValue, (ulong)length);
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(behindFirstWord))
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        return ~crc;
    }

    /// <summary>CRC32C of any bytes, or of more of them.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        uint crc = ~before;
        foreach (byte one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }

    public static byte[] SegmentHeader(string runId, string participant, ParticipantKind kind, int number, int capacity)
    {
        byte[] run = Encoding.UTF8.GetBytes(runId);
        byte[] name = Encoding.UTF8.GetBytes(participant);
        byte[] header = new byte[Padded(FixedHeader + run.Length + name.Length)];
        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), Version);
        header[10] = (byte)kind;
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), (uint)number);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(20), (uint)capacity);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(24), (uint)header.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(28), (ushort)run.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(30), (ushort)name.Length);
        run.CopyTo(header, FixedHeader);
        name.CopyTo(header, FixedHeader + run.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), HeaderChecksum(header));
        return header;
    }

    /// <summary>CRC32C of the header with its own checksum field (bytes 12 to 15) taken as zero.</summary>
    public static uint HeaderChecksum(ReadOnlySpan<byte> header)
    {
        uint crc = uint.MaxValue;
        for (int offset = 0; offset < header.Length; offset += sizeof(ulong))
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(header[offset..]);
            crc = BitOperations.Crc32C(crc, offset == 8 ? word & uint.MaxValue : word);
        }

        return ~crc;
    }
}
