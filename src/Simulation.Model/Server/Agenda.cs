namespace Simulation.Model;

/// <summary>Something of a server that has work to do at a time of its own.</summary>
internal abstract class Dated
{
    /// <summary>When it is on the agenda; null when it is not.</summary>
    public DateTimeOffset? PlannedFor { get; set; }

    /// <summary>Breaks ties in the order of creation.</summary>
    public long AgendaId { get; set; }

    public abstract void OnDue();
}

/// <summary>What a server has to do by itself, and when.</summary>
internal sealed class Agenda
{
    private readonly SortedSet<(DateTimeOffset At, long Id)> _dates = [];
    private readonly Dictionary<long, Dated> _items = [];
    private long _lastId;

    public DateTimeOffset? NextDue => _dates.Count > 0 ? _dates.Min.At : null;

    /// <summary>Each item stands here once: a new date replaces the old one, null removes it.</summary>
    public void Plan(Dated item, DateTimeOffset? at)
    {
        if (item.PlannedFor == at)
        {
            return;
        }

        if (item.PlannedFor is { } before)
        {
            _dates.Remove((before, item.AgendaId));
            _items.Remove(item.AgendaId);
        }

        item.PlannedFor = at;
        if (at is { } date)
        {
            item.AgendaId = item.AgendaId == 0 ? ++_lastId : item.AgendaId;
            _dates.Add((date, item.AgendaId));
            _items.Add(item.AgendaId, item);
        }
    }

    /// <returns>The first item that is due, taken off; null when none is.</returns>
    public Dated? Take(DateTimeOffset now)
    {
        if (_dates.Count == 0 || _dates.Min.At > now)
        {
            return null;
        }

        Dated item = _items[_dates.Min.Id];
        Plan(item, null);
        return item;
    }

    public void Clear()
    {
        foreach (Dated item in _items.Values)
        {
            item.PlannedFor = null;
        }

        _dates.Clear();
        _items.Clear();
    }
}
