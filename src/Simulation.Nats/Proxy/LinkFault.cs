namespace Simulation.Nats.Proxy;

/// <summary>Conditions that hold on somebody's links until this is disposed of.</summary>
public sealed class LinkFault : IDisposable
{
    private readonly FaultLinks _links;
    private readonly LinkConditions _conditions;
    private readonly LinkCounts _before;
    private int _ended;

    internal LinkFault(FaultLinks links, LinkConditions conditions)
    {
        _links = links;
        _before = links.Counts;

        // One of its own, so that of two equal faults each ends its own.
        _conditions = conditions with { };
        links.Add(_conditions);
    }

    /// <summary>Whose.</summary>
    public string Name => _links.Name;

    /// <summary>What has been seen since it began.</summary>
    public LinkCounts Since => _links.Counts - _before;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            _links.Remove(_conditions);
        }
    }
}
