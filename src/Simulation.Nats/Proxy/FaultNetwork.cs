using System.Collections.Immutable;
using System.Net;

namespace Simulation.Nats.Proxy;

/// <summary>
/// Puts a proxy between each participant and each server that it dials. Connections go through it when <see cref="Detour"/> is their
/// <see cref="Connection.NatsOptions.Detour"/>: that holds for servers that they learn of by gossip, too.
/// </summary>
public sealed class FaultNetwork : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<DnsEndPoint, FaultProxy>> _proxies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FaultLinks> _links = new(StringComparer.Ordinal);

    /// <summary>Everybody who has dialled so far.</summary>
    public ImmutableArray<string> Participants
    {
        get
        {
            lock (_gate)
            {
                return [.. _proxies.Keys.Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <returns>The ways of a participant to all servers that it has dialled so far; none yet is no mistake.</returns>
    public FaultLinks LinksOf(string participant)
    {
        lock (_gate)
        {
            if (!_links.TryGetValue(participant, out FaultLinks? links))
            {
                _links[participant] = links = new FaultLinks(participant, () => ProxiesOf(participant));
            }

            return links;
        }
    }

    /// <summary>Where this participant finds this server.</summary>
    public DnsEndPoint Detour(string participant, DnsEndPoint server)
    {
        lock (_gate)
        {
            if (!_proxies.TryGetValue(participant, out Dictionary<DnsEndPoint, FaultProxy>? own))
            {
                _proxies[participant] = own = [];
            }

            if (!own.TryGetValue(server, out FaultProxy? proxy))
            {
                own[server] = proxy = FaultProxy.Start(server.Host, server.Port);
            }

            return new DnsEndPoint(IPAddress.Loopback.ToString(), proxy.Port);
        }
    }

    public async ValueTask DisposeAsync()
    {
        FaultProxy[] all;
        lock (_gate)
        {
            all = [.. _proxies.Values.SelectMany(own => own.Values)];
            _proxies.Clear();
        }

        await Task.WhenAll(all.Select(proxy => proxy.DisposeAsync().AsTask()));
    }

    private ImmutableArray<FaultProxy> ProxiesOf(string participant)
    {
        lock (_gate)
        {
            return _proxies.TryGetValue(participant, out Dictionary<DnsEndPoint, FaultProxy>? own) ? [.. own.Values] : [];
        }
    }
}
