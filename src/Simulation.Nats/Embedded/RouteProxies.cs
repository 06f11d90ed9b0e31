using System.Collections.Immutable;
using System.Net;
using Simulation.Nats.Proxy;

namespace Simulation.Nats.Embedded;

/// <summary>A proxy for each ordered pair of a cluster's members: by it, the first finds the second.</summary>
internal sealed class RouteProxies : IAsyncDisposable
{
    private readonly ImmutableArray<Route> _routes;
    private readonly ImmutableArray<FaultLinks> _links;

    private RouteProxies(ImmutableArray<string> members, ImmutableArray<Route> routes)
    {
        _routes = routes;
        _links = [.. members.Select(member => new FaultLinks(member))];
        foreach (Route route in routes)
        {
            _links[route.Dialler].Add(route.Proxy);
            _links[route.Target].Add(route.Proxy);
        }
    }

    public static RouteProxies Start(ImmutableArray<string> members, ImmutableArray<int> routePorts)
    {
        string host = IPAddress.Loopback.ToString();
        return new RouteProxies(members,
        [
            .. from dialler in Enumerable.Range(0, routePorts.Length)
               from target in Enumerable.Range(0, routePorts.Length)
               where dialler != target
               select new Route(dialler, target, FaultProxy.Start(host, routePorts[target])),
        ]);
    }

    /// <summary>Where this member finds the others.</summary>
    public ImmutableArray<int> PortsFor(int dialler) => [.. _routes.Where(route => route.Dialler == dialler).Select(route => route.Proxy.Port)];

    /// <summary>All routes of this member, whoever dialled.</summary>
    public FaultLinks Of(int member) => _links[member];

    public async ValueTask DisposeAsync() => await Task.WhenAll(_routes.Select(route => route.Proxy.DisposeAsync().AsTask()));

    private readonly record struct Route(int Dialler, int Target, FaultProxy Proxy);
}
