using System.Collections.Immutable;

namespace Simulation.Nats.Proxy;

/// <summary>All ways of somebody to the servers: what is done to them is done to that one alone.</summary>
public sealed class FaultLinks(string name)
{
    private readonly Lock _gate = new();
    private readonly List<LinkConditions> _active = [];
    private ImmutableArray<FaultProxy> _proxies = [];

    /// <summary>Of proxies that are no longer there.</summary>
    private LinkCounts _past;

    /// <summary>Whose.</summary>
    public string Name { get; } = name;

    public LinkCounts Counts
    {
        get
        {
            lock (_gate)
            {
                return _proxies.Aggregate(_past, (sum, proxy) => sum + proxy.Counts);
            }
        }
    }

    /// <summary>Connections that are open now.</summary>
    public int Open => Proxies.Sum(proxy => proxy.Open);

    /// <summary>Also those that let nobody new in and are not empty yet.</summary>
    internal ImmutableArray<FaultProxy> Proxies
    {
        get
        {
            lock (_gate)
            {
                return _proxies;
            }
        }
    }

    /// <summary>Cuts every connection with a TCP reset. New ones may come at once.</summary>
    /// <returns>How many.</returns>
    public int Reset() => Proxies.Sum(proxy => proxy.Reset());

    /// <summary>From now on the conditions hold, also on ways that are new, until the fault is disposed of.</summary>
    public LinkFault Begin(LinkConditions conditions) => new(this, conditions);

    internal void Add(FaultProxy proxy)
    {
        lock (_gate)
        {
            _proxies = _proxies.Add(proxy);
            _active.ForEach(proxy.Add);
        }
    }

    internal void Remove(FaultProxy proxy)
    {
        lock (_gate)
        {
            _proxies = _proxies.Remove(proxy);
            _past += proxy.Counts;
        }
    }

    internal void Add(LinkConditions conditions)
    {
        lock (_gate)
        {
            _active.Add(conditions);
            foreach (FaultProxy proxy in _proxies)
            {
                proxy.Add(conditions);
            }
        }
    }

    internal void Remove(LinkConditions conditions)
    {
        lock (_gate)
        {
            _active.RemoveAt(_active.FindIndex(one => ReferenceEquals(one, conditions)));
            foreach (FaultProxy proxy in _proxies)
            {
                proxy.Remove(conditions);
            }
        }
    }
}
