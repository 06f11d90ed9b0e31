namespace Simulation.Model;

/// <summary>Something of a server that has work to do at a time of its own.</summary>
internal abstract class Dated : IComparable<Dated>
{
    /// <summary>When it has something to do; null for never.</summary>
    public DateTimeOffset? PlannedFor { get; set; }

    /// <summary>When the agenda looks at it, which may be earlier; null when it does not stand there.</summary>
    public DateTimeOffset? LookedAtAt { get; set; }

    /// <summary>Breaks ties in the order of creation.</summary>
    public long AgendaId { get; set; }

    public abstract void OnDue();

    public int CompareTo(Dated? other) => AgendaId.CompareTo(other!.AgendaId);
}

/// <summary>
/// What a server has to do by itself, and when. Dates are put off with nearly every message, so to put one off costs nothing: the old date
/// stays, and when it comes first it makes room for the new one.
/// </summary>
internal sealed class Agenda
{
    private readonly DateHeap<Dated> _dates = new();
    private long _lastId;

    public DateTimeOffset? NextDue
    {
        get
        {
            SettleFirst();
            return _dates.Count > 0 ? _dates.First.At : null;
        }
    }

    /// <summary>A new date replaces the old one, null removes it.</summary>
    public void Plan(Dated item, DateTimeOffset? at)
    {
        item.PlannedFor = at;
        if (at is { } date && (item.LookedAtAt is not { } present || date < present))
        {
            item.AgendaId = item.AgendaId == 0 ? ++_lastId : item.AgendaId;
            item.LookedAtAt = date;
            _dates.Add(date, item);
        }
    }

    /// <returns>The first item that is due, taken off; null when none is.</returns>
    public Dated? Take(DateTimeOffset now)
    {
        if (NextDue is not { } due || due > now)
        {
            return null;
        }

        Dated item = _dates.First.Item;
        _dates.RemoveFirst();
        item.LookedAtAt = null;
        item.PlannedFor = null;
        return item;
    }

    public void Clear()
    {
        foreach ((_, Dated item) in _dates.Entries)
        {
            item.PlannedFor = null;
            item.LookedAtAt = null;
        }

        _dates.Clear();
    }

    /// <summary>Goes on until what comes first is what it says.</summary>
    private void SettleFirst()
    {
        while (_dates.Count > 0)
        {
            (DateTimeOffset at, Dated item) = _dates.First;
            if (at == item.LookedAtAt)
            {
                if (at == item.PlannedFor)
                {
                    return;
                }

                item.LookedAtAt = null;
                _dates.RemoveFirst();
                Plan(item, item.PlannedFor);
            }
            else
            {
                _dates.RemoveFirst();
            }
        }
    }
}
