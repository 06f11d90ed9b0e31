using Simulation.History.Snapshots;

namespace Simulation.History;

/// <summary>
/// The publishes of one partition whose outcome is not recorded: those in flight, and those whose producer was killed. In order of intent,
/// which is nearly the order of the outcomes, so that looking one up is looking at the first.
/// </summary>
internal struct OpenIntents
{
    private Entry[]? _entries;
    private int _first;
    private int _end;

    public readonly int Count => _end - _first;

    public void Add(long sequence, long time)
    {
        if (_entries is null || _end == _entries.Length)
        {
            MakeRoom();
        }

        _entries![_end++] = new Entry(sequence, time);
    }

    public bool Remove(long sequence, out long time)
    {
        for (int i = _first; i < _end; i++)
        {
            if (_entries![i].Sequence == sequence)
            {
                time = _entries[i].Time;
                Array.Copy(_entries, _first, _entries, _first + 1, i - _first);
                _first++;
                Release();
                return true;
            }
        }

        time = 0;
        return false;
    }

    public readonly RangeSet Sequences()
    {
        RangeSet result = default;
        for (int i = _first; i < _end; i++)
        {
            result.Add(_entries![i].Sequence);
        }

        return result;
    }

    public void Exchange(FoldArchive archive)
    {
        OpenIntents exchanged = default;
        int count = archive.Count(Count);
        for (int i = 0; i < count; i++)
        {
            (long sequence, long time) = archive.IsReading ? default : _entries![_first + i];
            archive.Exchange(ref sequence);
            archive.Exchange(ref time);
            exchanged.Add(sequence, time);
        }

        this = exchanged;
    }

    private void MakeRoom()
    {
        int count = Count;
        Entry[] entries = _entries is not null && count <= _entries.Length / 2 ? _entries : new Entry[Math.Max(4, count * 2)];
        if (count > 0)
        {
            Array.Copy(_entries!, _first, entries, 0, count);
        }

        (_entries, _first, _end) = (entries, 0, count);
    }

    private void Release()
    {
        if (_first == _end)
        {
            (_first, _end) = (0, 0);
            if (_entries!.Length > 64)
            {
                _entries = null;
            }
        }
    }

    private readonly record struct Entry(long Sequence, long Time);
}
