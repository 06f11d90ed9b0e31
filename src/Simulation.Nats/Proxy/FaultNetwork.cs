using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;

namespace Simulation.Nats.Proxy;

/// <summary>
/// Puts a proxy between each participant and each server that it dials. Connections go through it when <see cref="Detour"/> is their
/// <see cref="Connection.NatsOptions.Detour"/>: that holds for servers that they learn of by gossip, too.
/// </summary>
public sealed class FaultNetwork : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, FaultLinks> _links = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Participant, DnsEndPoint Server), Lazy<FaultProxy>> _proxies = new();

    /// <summary>Everybody who has dialled and has not left.</summary>
    public ImmutableArray<string> Participants => [.. _proxies.Keys.Select(way => way.Participant).Distinct().Order(StringComparer.Ordinal)];

    /// <returns>The ways of a participant to all servers that it dials, now or later.</returns>
    public FaultLinks LinksOf(string participant) => _links.GetOrAdd(participant, name => new FaultLinks(name));

    /// <summary>Where this participant finds this server.</summary>
    public DnsEndPoint Detour(string participant, DnsEndPoint server)
    {
        FaultProxy proxy = _proxies.GetOrAdd((participant, server), way => new Lazy<FaultProxy>(() => Start(way.Participant, way.Server))).Value;
        return new DnsEndPoint(IPAddress.Loopback.ToString(), proxy.Port);
    }

    /// <summary>A participant is gone, and with it whoever knew its ports: they are given back. When it dials again, there are others.</summary>
    public void Leave(string participant)
    {
        foreach ((string Participant, DnsEndPoint Server) way in _proxies.Keys.Where(way => way.Participant == participant))
        {
            if (_proxies.TryRemove(way, out Lazy<FaultProxy>? proxy))
            {
                _ = RetireAsync(LinksOf(participant), proxy.Value);
            }
        }
    }

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_links.Values.SelectMany(links => links.Proxies).Select(proxy => proxy.DisposeAsync().AsTask()));

    private static async Task RetireAsync(FaultLinks links, FaultProxy proxy)
    {
        await proxy.RetireAsync();
        links.Remove(proxy);
    }

    private FaultProxy Start(string participant, DnsEndPoint server)
    {
        FaultProxy proxy = FaultProxy.Start(server.Host, server.Port);
        LinksOf(participant).Add(proxy);
        return proxy;
    }
}
