using Simulation.History.Snapshots;

namespace Simulation.History;

/// <summary>
/// A set of numbers as sorted ranges: its size grows with its holes, not with its numbers. The last range lies in the struct itself, so
/// that a set without holes needs no array and the usual addition (the next number) is a comparison and an increment.
/// </summary>
internal struct RangeSet
{
    private Range[]? _earlier;
    private int _earlierCount;
    private Range _last;
    private long _count;

    public readonly long Count => _count;

    public readonly bool IsEmpty => _count == 0;

    public readonly int Ranges => _count == 0 ? 0 : _earlierCount + 1;

    public readonly long Min => _earlierCount > 0 ? _earlier![0].First : _last.First;

    public readonly long Max => _last.Last;

    /// <returns>The range at a place in order.</returns>
    public readonly Range this[int index] => index < _earlierCount ? _earlier![index] : _last;

    /// <returns>False when it was in the set already.</returns>
    public bool Add(long value)
    {
        if (_count > 0 && value == _last.Last + 1)
        {
            _last = new Range(_last.First, value);
        }
        else if (_count == 0)
        {
            _last = new Range(value, value);
        }
        else if (value > _last.Last)
        {
            Insert(_earlierCount, _last);
            _last = new Range(value, value);
        }
        else if (value >= _last.First || !AddInside(value))
        {
            return false;
        }

        _count++;
        return true;
    }

    /// <returns>False when it was not in the set.</returns>
    public bool Remove(long value)
    {
        int index = IndexOf(value);
        if (index < 0)
        {
            return false;
        }

        Range range = this[index];
        _count--;
        if (range.First == range.Last)
        {
            Delete(index);
        }
        else if (value == range.First)
        {
            Set(index, new Range(value + 1, range.Last));
        }
        else if (value == range.Last)
        {
            Set(index, new Range(range.First, value - 1));
        }
        else
        {
            Set(index, new Range(value + 1, range.Last));
            Insert(index, new Range(range.First, value - 1));
        }

        return true;
    }

    public readonly bool Contains(long value) =>
        _count > 0 && value <= _last.Last && (value >= _last.First || IndexOf(value) >= 0);

    public void Clear() => this = default;

    /// <summary>Calls back with each range of the numbers that are in this set and not in the other.</summary>
    public readonly RangeSet Except(in RangeSet other) => Combine(other, keepCommon: false);

    public readonly RangeSet Intersect(in RangeSet other) => Combine(other, keepCommon: true);

    public readonly RangeSet Union(in RangeSet other)
    {
        RangeSet result = default;
        int mine = 0;
        int theirs = 0;
        while (mine < Ranges || theirs < other.Ranges)
        {
            bool takeMine = theirs >= other.Ranges || (mine < Ranges && this[mine].First <= other[theirs].First);
            result.AppendRange(takeMine ? this[mine++] : other[theirs++]);
        }

        return result;
    }

    /// <returns>How many numbers lie below the bound.</returns>
    public readonly long CountBelow(long bound)
    {
        long count = 0;
        for (int i = 0; i < Ranges && this[i].First < bound; i++)
        {
            count += Math.Min(this[i].Last, bound - 1) - this[i].First + 1;
        }

        return count;
    }

    public readonly IEnumerable<long> Values()
    {
        for (int i = 0; i < Ranges; i++)
        {
            for (long value = this[i].First; value <= this[i].Last; value++)
            {
                yield return value;
            }
        }
    }

    /// <summary>Each range by its distance from the one before, and its length.</summary>
    public void Exchange(FoldArchive archive)
    {
        RangeSet exchanged = default;
        int ranges = archive.Count(Ranges);
        long end = 0;
        for (int i = 0; i < ranges; i++)
        {
            Range range = archive.IsReading ? default : this[i];
            long distance = range.First - end;
            long length = range.Length;
            archive.Exchange(ref distance);
            archive.Exchange(ref length);
            range = new Range(end + distance, end + distance + length - 1);
            exchanged.AppendRange(range);
            end = range.Last;
        }

        this = exchanged;
    }

    private readonly RangeSet Combine(in RangeSet other, bool keepCommon)
    {
        // What one asks of every partition again and again: nothing is missing, in one range.
        if (!keepCommon && _earlierCount == 0 && (_count == 0 || (other._count > 0 && _last.First >= other._last.First && _last.Last <= other._last.Last)))
        {
            return default;
        }

        RangeSet result = default;
        int theirs = 0;
        for (int mine = 0; mine < Ranges; mine++)
        {
            (long first, long last) = this[mine];
            while (theirs < other.Ranges && other[theirs].Last < first)
            {
                theirs++;
            }

            for (int i = theirs; i < other.Ranges && other[i].First <= last && first <= last; i++)
            {
                if (keepCommon)
                {
                    result.AppendRange(new Range(Math.Max(first, other[i].First), Math.Min(last, other[i].Last)));
                }
                else
                {
                    if (other[i].First > first)
                    {
                        result.AppendRange(new Range(first, other[i].First - 1));
                    }

                    first = other[i].Last + 1;
                }
            }

            if (!keepCommon && first <= last)
            {
                result.AppendRange(new Range(first, last));
            }
        }

        return result;
    }

    /// <summary>Adds a range that begins nowhere before the last one does.</summary>
    private void AppendRange(Range range)
    {
        if (_count == 0)
        {
            _last = range;
            _count = range.Length;
        }
        else if (range.First <= _last.Last + 1)
        {
            long end = Math.Max(_last.Last, range.Last);
            _count += end - _last.Last;
            _last = new Range(_last.First, end);
        }
        else
        {
            Insert(_earlierCount, _last);
            _last = range;
            _count += range.Length;
        }
    }

    private bool AddInside(long value)
    {
        int next = LowerBound(value);
        if (this[next].First <= value)
        {
            return false;
        }

        bool joinsNext = value + 1 == this[next].First;
        bool joinsPrevious = next > 0 && this[next - 1].Last + 1 == value;
        if (joinsNext && joinsPrevious)
        {
            Set(next, new Range(this[next - 1].First, this[next].Last));
            Delete(next - 1);
        }
        else if (joinsNext)
        {
            Set(next, new Range(value, this[next].Last));
        }
        else if (joinsPrevious)
        {
            Set(next - 1, new Range(this[next - 1].First, value));
        }
        else
        {
            Insert(next, new Range(value, value));
        }

        return true;
    }

    private readonly int IndexOf(long value)
    {
        if (_count == 0 || value > _last.Last)
        {
            return -1;
        }

        int index = LowerBound(value);
        return this[index].First <= value ? index : -1;
    }

    /// <returns>The first range that does not end before the value; there is one.</returns>
    private readonly int LowerBound(long value)
    {
        int low = 0;
        int high = _earlierCount;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_earlier![middle].Last < value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void Set(int index, Range range)
    {
        if (index < _earlierCount)
        {
            _earlier![index] = range;
        }
        else
        {
            _last = range;
        }
    }

    private void Insert(int index, Range range)
    {
        if (_earlier is null || _earlierCount == _earlier.Length)
        {
            Array.Resize(ref _earlier, Math.Max(4, _earlierCount * 2));
        }

        Array.Copy(_earlier, index, _earlier, index + 1, _earlierCount - index);
        _earlier[index] = range;
        _earlierCount++;
    }

    private void Delete(int index)
    {
        if (index == _earlierCount)
        {
            _last = _earlierCount > 0 ? _earlier![_earlierCount - 1] : default;
            index = _earlierCount - 1;
        }

        if (_earlierCount > 0)
        {
            Array.Copy(_earlier!, index + 1, _earlier!, index, _earlierCount - index - 1);
            _earlierCount--;
            Shrink();
        }
    }

    /// <summary>What a burst of holes claimed is given back once they have healed.</summary>
    private void Shrink()
    {
        if (_earlierCount == 0)
        {
            _earlier = null;
        }
        else if (_earlier!.Length > 16 && _earlierCount < _earlier.Length / 4)
        {
            Array.Resize(ref _earlier, _earlier.Length / 2);
        }
    }

    /// <summary>Both ends belong to it.</summary>
    internal readonly record struct Range(long First, long Last)
    {
        public long Length => Last - First + 1;
    }
}
