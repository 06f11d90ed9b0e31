using System.Buffers.Binary;
using System.Numerics;

namespace Simulation.Workload;

/// <summary>CRC-32C (Castagnoli), as in iSCSI and SSE 4.2. It finds every single-bit error and every burst of up to 32 bits.</summary>
internal static class Crc32C
{
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
