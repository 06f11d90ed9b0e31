namespace Simulation.Workload;

/// <summary>
/// Merges the arrivals of a producer's partitions into one schedule: a heap with the next arrival of each partition. It is ordered by
/// load, so that only the arrival at its top has to be placed in time.
/// </summary>
internal sealed class OpenLoopSchedule : IArrivalSchedule
{
    private readonly ArrivalClock[] _clocks;
    private readonly LoadCurve _curve;
    private readonly ProducerShare _share;
    private readonly SortedSet<int> _open;
    private Due[] _heap = [];
    private TimeSpan _nextAt;

    public OpenLoopSchedule(ProducerShare share, ArrivalClock[] clocks, LoadCurve curve)
    {
        _clocks = clocks;
        _curve = curve;
        _share = share;
        _open = [.. Enumerable.Range(0, share.Range.Count)];
        foreach (var slot in _open)
        {
            clocks[slot].Open(load: 0, after: 0);
        }

        Heap();
    }

    public TimeSpan? NextAt => _heap.Length == 0 ? null : _nextAt;

    public bool TryTake(TimeSpan elapsed, out Arrival arrival)
    {
        if (_heap.Length == 0 || _nextAt > elapsed)
        {
            arrival = default;
            return false;
        }

        var slot = _heap[0].Slot;
        var clock = _clocks[slot];
        arrival = new Arrival(_nextAt, _share[slot], clock.Sequence);
        clock.Advance();
        ReplaceTop(new Due(clock.Load, slot));
        PlaceNext();
        return true;
    }

    public void Open(int partition, TimeSpan at, long after)
    {
        var slot = _share.SlotOf(partition);
        _open.Add(slot);
        _clocks[slot].Open(_curve.LoadAt(at), after);
        Heap();
    }

    public void Close(int partition)
    {
        _open.Remove(_share.SlotOf(partition));
        Heap();
    }

    /// <summary>In ascending order an array is a heap.</summary>
    private void Heap()
    {
        _heap = [.. _open.Select(slot => new Due(_clocks[slot].Load, slot)).Order()];
        PlaceNext();
    }

    private void PlaceNext() => _nextAt = _heap.Length == 0 ? TimeSpan.MaxValue : _curve.TimeOf(_heap[0].Load);

    private void ReplaceTop(Due item)
    {
        var hole = 0;
        while (true)
        {
            var child = (2 * hole) + 1;
            if (child + 1 < _heap.Length && _heap[child + 1].CompareTo(_heap[child]) < 0)
            {
                child++;
            }

            if (child >= _heap.Length || item.CompareTo(_heap[child]) < 0)
            {
                _heap[hole] = item;
                return;
            }

            _heap[hole] = _heap[child];
            hole = child;
        }
    }

    /// <summary>Ties go to the lower partition, so that the order is the same everywhere.</summary>
    private readonly record struct Due(double Load, int Slot) : IComparable<Due>
    {
        public int CompareTo(Due other) => Load == other.Load ? Slot - other.Slot : Load < other.Load ? -1 : 1;
    }
}
