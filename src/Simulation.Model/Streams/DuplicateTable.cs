namespace Simulation.Model;

/// <summary>The message ids of the last while, and which sequences they were stored at.</summary>
internal sealed class DuplicateTable
{
    private readonly Dictionary<string, (ulong Sequence, DateTimeOffset Time)> _known = [];
    private readonly Queue<(string Id, DateTimeOffset Time)> _order = new();

    public bool TryFind(string id, DateTimeOffset now, TimeSpan window, out ulong sequence)
    {
        while (_order.TryPeek(out (string Id, DateTimeOffset Time) oldest) && now - oldest.Time >= window)
        {
            _order.Dequeue();
            if (_known.TryGetValue(oldest.Id, out var known) && known.Time == oldest.Time)
            {
                _known.Remove(oldest.Id);
            }
        }

        bool found = _known.TryGetValue(id, out var entry);
        sequence = entry.Sequence;
        return found;
    }

    public void Add(string id, ulong sequence, DateTimeOffset time)
    {
        _known[id] = (sequence, time);
        _order.Enqueue((id, time));
    }

    /// <summary>As a server that starts does it: from the messages of the window that are left. Ids of messages that were removed are forgotten.</summary>
    public void Rebuild(MessageLog log, DateTimeOffset now, TimeSpan window)
    {
        _known.Clear();
        _order.Clear();
        LogEntry? first = log.Last;
        while (first?.Previous is { } previous && now - previous.Time < window)
        {
            first = previous;
        }

        for (LogEntry? entry = first; entry is not null; entry = entry.Next)
        {
            if (entry.MessageId is { } id)
            {
                Add(id, entry.Sequence, entry.Time);
            }
        }
    }
}
