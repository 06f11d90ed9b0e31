namespace Simulation.Model;

/// <summary>An exchange's place among those that wait.</summary>
internal struct PendingLink
{
    public IPendingExchange? Before;
    public IPendingExchange? After;
    public bool IsPending;
}

/// <summary>What has been asked over a session and is to hear when it breaks, the oldest first. The links lie in the exchanges themselves: there is one for every message.</summary>
internal sealed class PendingExchanges
{
    private IPendingExchange? _last;

    public IPendingExchange? First { get; private set; }

    public void Add(IPendingExchange exchange)
    {
        exchange.Link = new PendingLink { Before = _last, IsPending = true };
        if (_last is null)
        {
            First = exchange;
        }
        else
        {
            _last.Link.After = exchange;
        }

        _last = exchange;
    }

    /// <summary>Nothing when it does not wait any more.</summary>
    public void Remove(IPendingExchange exchange)
    {
        ref PendingLink link = ref exchange.Link;
        if (!link.IsPending)
        {
            return;
        }

        if (link.Before is { } before)
        {
            before.Link.After = link.After;
        }
        else
        {
            First = link.After;
        }

        if (link.After is { } after)
        {
            after.Link.Before = link.Before;
        }
        else
        {
            _last = link.Before;
        }

        link = default;
    }
}
