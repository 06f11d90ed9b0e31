using System.Numerics;
using Simulation.History.Snapshots;

namespace Simulation.History;

/// <summary>
/// A set of stream sequences. A thousand partitions that are read at different speeds fill it in no order at all, which would be dear for
/// ranges; here a number is a bit in a block of 4096, and a block that is full becomes an entry in a range set.
/// </summary>
internal sealed class SequenceSet
{
    private const int BlockBits = 12;
    private const int Words = 1 << (BlockBits - 6);

    private readonly Dictionary<long, Block> _open = [];
    private RangeSet _full;
    private Block? _recent;

    public long Count { get; private set; }

    /// <returns>False when it was in the set already.</returns>
    public bool Add(ulong sequence)
    {
        long number = (long)(sequence >> BlockBits);
        Block? block = _recent;
        if (block is null || block.Number != number)
        {
            if (_full.Contains(number))
            {
                return false;
            }

            if (!_open.TryGetValue(number, out block))
            {
                _open.Add(number, block = new Block(number));
            }

            _recent = block;
        }

        ref ulong word = ref block.Bits[(int)(sequence >> 6) & (Words - 1)];
        ulong bit = 1UL << (int)(sequence & 63);
        if ((word & bit) != 0)
        {
            return false;
        }

        word |= bit;
        Count++;
        if (++block.Count == 1 << BlockBits)
        {
            _open.Remove(number);
            _full.Add(number);
            _recent = null;
        }

        return true;
    }

    public bool Contains(ulong sequence)
    {
        long number = (long)(sequence >> BlockBits);
        return _full.Contains(number) || (_open.TryGetValue(number, out Block? block)
            && (block.Bits[(int)(sequence >> 6) & (Words - 1)] & (1UL << (int)(sequence & 63))) != 0);
    }

    public void Clear()
    {
        _open.Clear();
        _full.Clear();
        _recent = null;
        Count = 0;
    }

    public void Exchange(FoldArchive archive)
    {
        if (archive.IsReading)
        {
            Clear();
        }

        _full.Exchange(archive);
        Count = _full.Count << BlockBits;
        int blocks = archive.Count(_open.Count);
        Block[] there = [.. _open.Values];
        for (int i = 0; i < blocks; i++)
        {
            long number = archive.IsReading ? 0 : there[i].Number;
            archive.Exchange(ref number);
            Block block = archive.IsReading ? new Block(number) : there[i];
            archive.Exchange(block.Bits);
            block.Count = block.Bits.Sum(BitOperations.PopCount);
            Count += block.Count;
            _open[number] = block;
        }
    }

    private sealed class Block(long number)
    {
        public readonly long Number = number;
        public readonly ulong[] Bits = new ulong[Words];
        public int Count;
    }
}
