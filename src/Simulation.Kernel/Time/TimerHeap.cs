namespace Simulation.Kernel;

/// <summary>
/// Timers by time, then by order of their start: a heap of four children per node, whose 16-byte keys hold no reference. Four keys fill
/// a cache line, and moving them needs no write barrier of the collector. What a key stands for lies in a table of slots.
/// </summary>
internal sealed class TimerHeap
{
    private const int SlotBits = 24;
    private const int MaxSlots = 1 << SlotBits;
    private const int CompactFrom = 1024;

    private Key[] _keys = new Key[256];
    private int _count;
    private Slot[] _slots = new Slot[256];
    private int _slotCount = 1;             // slot 0 belongs to nobody, so that a default handle cancels nothing
    private int _freeSlot;
    private int _cancelled;
    private ulong _sequence;

    /// <summary>Time of the earliest, or <see cref="long.MaxValue"/>. It may belong to one that was cancelled.</summary>
    internal long NextAt => _count == 0 ? long.MaxValue : _keys[0].At;

    /// <summary>Timers that will fire.</summary>
    internal int Count => _count - _cancelled;

    internal TimerHandle Add(long at, ITimerTarget target, int token)
    {
        int index = TakeSlot();
        ref Slot slot = ref _slots[index];
        slot.Target = target;
        slot.Token = token;
        if (_count == _keys.Length)
        {
            Array.Resize(ref _keys, _count * 2);
        }

        SiftUp(_count++, new Key(at, (++_sequence << SlotBits) | (uint)index));
        return new TimerHandle(index, slot.Version);
    }

    internal void Cancel(TimerHandle handle)
    {
        ref Slot slot = ref _slots[handle.Slot];
        if (slot.Version != handle.Version || slot.Target is null)
        {
            return;
        }

        slot.Target = null;
        if (++_cancelled > CompactFrom && _cancelled > _count / 2)
        {
            Compact();
        }
    }

    /// <summary>Takes the earliest if it is due by then and was not cancelled.</summary>
    internal bool TryTake(long until, out DueTimer due)
    {
        while (_count > 0 && _keys[0].At <= until)
        {
            long at = _keys[0].At;
            int index = (int)(_keys[0].Order & (MaxSlots - 1));
            RemoveFirst();
            ref Slot slot = ref _slots[index];
            due = new DueTimer(slot.Target!, slot.Token, at);
            bool live = slot.Target is not null;
            FreeSlot(index);
            if (live)
            {
                return true;
            }

            _cancelled--;
        }

        due = default;
        return false;
    }

    private int TakeSlot()
    {
        if (_freeSlot != 0)
        {
            int index = _freeSlot;
            _freeSlot = _slots[index].NextFree;
            return index;
        }

        if (_slotCount == _slots.Length)
        {
            if (_slotCount == MaxSlots)
            {
                throw new InvalidOperationException($"More than {MaxSlots - 1} timers at once.");
            }

            Array.Resize(ref _slots, _slotCount * 2);
        }

        _slots[_slotCount].Version = 1;
        return _slotCount++;
    }

    private void FreeSlot(int index)
    {
        ref Slot slot = ref _slots[index];
        slot.Target = null;
        slot.Version++;
        slot.NextFree = _freeSlot;
        _freeSlot = index;
    }

    private void SiftUp(int hole, Key key)
    {
        while (hole > 0)
        {
            int parent = (hole - 1) >> 2;
            if (!key.IsBefore(_keys[parent]))
            {
                break;
            }

            _keys[hole] = _keys[parent];
            hole = parent;
        }

        _keys[hole] = key;
    }

    private void SiftDown(int hole, Key key)
    {
        Key[] keys = _keys;
        while (true)
        {
            int child = (hole << 2) + 1;
            if (child >= _count)
            {
                break;
            }

            int earliest = child;
            int end = Math.Min(child + 4, _count);
            for (int i = child + 1; i < end; i++)
            {
                if (keys[i].IsBefore(keys[earliest]))
                {
                    earliest = i;
                }
            }

            if (!keys[earliest].IsBefore(key))
            {
                break;
            }

            keys[hole] = keys[earliest];
            hole = earliest;
        }

        keys[hole] = key;
    }

    private void RemoveFirst()
    {
        Key last = _keys[--_count];
        if (_count > 0)
        {
            SiftDown(0, last);
        }
    }

    /// <summary>Forgets the cancelled ones; keys have a total order, so the order of firing stays what it was.</summary>
    private void Compact()
    {
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            int index = (int)(_keys[i].Order & (MaxSlots - 1));
            if (_slots[index].Target is null)
            {
                FreeSlot(index);
            }
            else
            {
                _keys[kept++] = _keys[i];
            }
        }

        _count = kept;
        _cancelled = 0;
        for (int i = (kept - 2) >> 2; i >= 0; i--)
        {
            SiftDown(i, _keys[i]);
        }
    }

    /// <param name="At">Ticks since the start.</param>
    /// <param name="Order">A running number, and the slot in the low bits.</param>
    private readonly record struct Key(long At, ulong Order)
    {
        internal bool IsBefore(in Key other) => At < other.At || (At == other.At && Order < other.Order);
    }

    private struct Slot
    {
        internal ITimerTarget? Target;
        internal int Token;
        internal int Version;
        internal int NextFree;
    }
}

internal readonly record struct DueTimer(ITimerTarget Target, int Token, long At);
