using System.Collections.Immutable;

namespace Simulation.Nats.Proxy;

/// <summary>All ways of somebody to the servers: what is done to them is done to that one alone.</summary>
public sealed class FaultLinks(string name, Func<ImmutableArray<FaultProxy>> proxies)
{
    /// <summary>Whose.</summary>
    public string Name { get; } = name;

    public LinkCounts Counts => Proxies.Aggregate(default(LinkCounts), (sum, proxy) => sum + proxy.Counts);

    internal ImmutableArray<FaultProxy> Proxies => proxies();

    /// <summary>Cuts every connection with a TCP reset. New ones may come at once.</summary>
    /// <returns>How many.</returns>
    public int Reset() => Proxies.Sum(proxy => proxy.Reset());

    /// <summary>From now on the conditions hold, until the fault is disposed of.</summary>
    public LinkFault Begin(LinkConditions conditions) => new(this, conditions);
}
