using System.Buffers.Binary;
using System.Numerics;

namespace Simulation.Workload;

/// <summary>
/// Payload bytes that follow from identity and length, so that a reader knows each of them. The length is part of it: a body that was
/// cut short or grown carries the wrong bytes everywhere, not only at its end.
/// </summary>
internal readonly struct PayloadPattern
{
    private readonly ulong _key;

    public PayloadPattern(in MessageHeader header, int length) =>
        _key = Mix(((ulong)(uint)header.PartitionId << 32 | (uint)length) ^ Mix((ulong)header.PartitionSequence));

    public void Fill(Span<byte> payload)
    {
        ulong word = 0;
        for (; payload.Length >= sizeof(ulong); payload = payload[sizeof(ulong)..])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(payload, Word(word++));
        }

        var last = Word(word);
        foreach (ref var value in payload)
        {
            value = (byte)last;
            last >>= 8;
        }
    }

    public bool Matches(ReadOnlySpan<byte> payload)
    {
        ulong word = 0;
        for (; payload.Length >= sizeof(ulong); payload = payload[sizeof(ulong)..])
        {
            if (BinaryPrimitives.ReadUInt64LittleEndian(payload) != Word(word++))
            {
                return false;
            }
        }

        var last = Word(word);
        foreach (var value in payload)
        {
            if (value != (byte)last)
            {
                return false;
            }

            last >>= 8;
        }

        return true;
    }

    // One multiplication a word: enough for bytes that look random and differ for every key.
    private ulong Word(ulong index)
    {
        var product = (_key ^ index) * 0x9E3779B97F4A7C15;
        return product ^ BitOperations.RotateLeft(product, 29);
    }

    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
