namespace Simulation.Model;

/// <summary>Dates of things, the earliest first, ties by the things' own order. Nothing is taken out before it is first: whoever looks decides whether it still counts.</summary>
internal sealed class DateHeap<T>
    where T : IComparable<T>
{
    private readonly List<(DateTimeOffset At, T Item)> _entries = [];

    public int Count => _entries.Count;

    public (DateTimeOffset At, T Item) First => _entries[0];

    public IReadOnlyList<(DateTimeOffset At, T Item)> Entries => _entries;

    public void Clear() => _entries.Clear();

    public void Add(DateTimeOffset at, T item)
    {
        int hole = _entries.Count;
        _entries.Add((at, item));
        while (hole > 0 && IsBefore((at, item), _entries[(hole - 1) / 2]))
        {
            _entries[hole] = _entries[(hole - 1) / 2];
            hole = (hole - 1) / 2;
        }

        _entries[hole] = (at, item);
    }

    public void RemoveFirst()
    {
        (DateTimeOffset At, T Item) last = _entries[^1];
        _entries.RemoveAt(_entries.Count - 1);
        if (_entries.Count == 0)
        {
            return;
        }

        int hole = 0;
        for (int child = 1; child < _entries.Count; child = (2 * hole) + 1)
        {
            child += child + 1 < _entries.Count && IsBefore(_entries[child + 1], _entries[child]) ? 1 : 0;
            if (!IsBefore(_entries[child], last))
            {
                break;
            }

            _entries[hole] = _entries[child];
            hole = child;
        }

        _entries[hole] = last;
    }

    private static bool IsBefore(in (DateTimeOffset At, T Item) left, in (DateTimeOffset At, T Item) right)
    {
        int byDate = left.At.CompareTo(right.At);
        return byDate < 0 || (byDate == 0 && left.Item.CompareTo(right.Item) < 0);
    }
}
