using System.Collections.Concurrent;

namespace Simulation.Kernel;

/// <summary>First in, first out; many may enqueue, one at a time dequeues.</summary>
internal abstract class MessageQueue<T>
{
    internal abstract bool IsEmpty { get; }

    internal abstract void Enqueue(T item);

    internal abstract bool TryDequeue(out T item);
}

/// <summary>For the real world: many threads. It keeps its ring of segments, so a steady flow allocates nothing.</summary>
internal sealed class SharedQueue<T> : MessageQueue<T>
{
    private readonly ConcurrentQueue<T> _items = new();

    internal override bool IsEmpty => _items.IsEmpty;

    internal override void Enqueue(T item) => _items.Enqueue(item);

    internal override bool TryDequeue(out T item) => _items.TryDequeue(out item!);
}

/// <summary>
/// For the virtual world: one thread. One item alone, which is what there is nearly always, lies in the queue itself; those behind it lie in
/// a ring, whose slots are structs, so that storing a reference needs no check of its type.
/// </summary>
internal sealed class LocalQueue<T> : MessageQueue<T>
{
    private Slot[] _ring = [];
    private int _head;
    private int _count;
    private bool _hasFirst;
    private T _first = default!;

    internal override bool IsEmpty => !_hasFirst && _count == 0;

    internal override void Enqueue(T item)
    {
        if (!_hasFirst && _count == 0)
        {
            _first = item;
            _hasFirst = true;
            return;
        }

        if (_count == _ring.Length)
        {
            Grow();
        }

        _ring[(_head + _count++) & (_ring.Length - 1)].Item = item;
    }

    internal override bool TryDequeue(out T item)
    {
        if (_hasFirst)
        {
            item = _first;
            _first = default!;
            _hasFirst = false;
            return true;
        }

        if (_count == 0)
        {
            item = default!;
            return false;
        }

        ref Slot slot = ref _ring[_head];
        item = slot.Item;
        slot = default;
        _head = (_head + 1) & (_ring.Length - 1);
        _count--;
        return true;
    }

    private void Grow()
    {
        Slot[] larger = new Slot[Math.Max(4, _ring.Length * 2)];
        for (int i = 0; i < _count; i++)
        {
            larger[i] = _ring[(_head + i) & (_ring.Length - 1)];
        }

        _ring = larger;
        _head = 0;
    }

    private struct Slot
    {
        internal T Item;
    }
}
