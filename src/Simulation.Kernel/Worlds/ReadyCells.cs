namespace Simulation.Kernel;

/// <summary>The cells of the virtual world that have something to do. One of them is drawn.</summary>
internal sealed class ReadyCells
{
    private ActorCell[] _ring = new ActorCell[64];
    private int _head;

    internal int Count { get; private set; }

    internal void Add(ActorCell cell)
    {
        if (Count == _ring.Length)
        {
            Grow();
        }

        _ring[(_head + Count++) & (_ring.Length - 1)] = cell;
    }

    internal ActorCell Take(RandomStream order)
    {
        int mask = _ring.Length - 1;
        if (Count > 1)
        {
            int drawn = (_head + order.Next(Count)) & mask;
            (_ring[drawn], _ring[_head]) = (_ring[_head], _ring[drawn]);
        }

        ActorCell cell = _ring[_head];
        _ring[_head] = null!;
        _head = (_head + 1) & mask;
        Count--;
        return cell;
    }

    private void Grow()
    {
        ActorCell[] larger = new ActorCell[_ring.Length * 2];
        for (int i = 0; i < Count; i++)
        {
            larger[i] = _ring[(_head + i) & (_ring.Length - 1)];
        }

        _ring = larger;
        _head = 0;
    }
}
