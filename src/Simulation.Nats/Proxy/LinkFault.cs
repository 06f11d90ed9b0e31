using System.Collections.Immutable;

namespace Simulation.Nats.Proxy;

/// <summary>Conditions that hold on somebody's links until this is disposed of.</summary>
public sealed class LinkFault : IDisposable
{
    private readonly LinkConditions _conditions;
    private readonly ImmutableArray<FaultProxy> _proxies;
    private readonly LinkCounts _before;
    private int _ended;

    internal LinkFault(FaultLinks links, LinkConditions conditions)
    {
        // One of its own, so that of two equal faults each ends its own.
        _conditions = conditions with { };
        _proxies = links.Proxies;
        _before = Sum();
        foreach (FaultProxy proxy in _proxies)
        {
            proxy.Add(_conditions);
        }
    }

    /// <summary>What has been seen since it began.</summary>
    public LinkCounts Since => Sum() - _before;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            foreach (FaultProxy proxy in _proxies)
            {
                proxy.Remove(_conditions);
            }
        }
    }

    private LinkCounts Sum() => _proxies.Aggregate(default(LinkCounts), (sum, proxy) => sum + proxy.Counts);
}
