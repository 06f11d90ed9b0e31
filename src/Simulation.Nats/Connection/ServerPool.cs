using System.Collections.Immutable;
using Simulation.Kernel;

namespace Simulation.Nats.Connection;

/// <summary>The servers to try, the next one first. A server that was used goes to the end; what the cluster gossips is added.</summary>
internal sealed class ServerPool(string urls, RandomStream random)
{
    private readonly Lock _gate = new();
    private readonly List<ServerAddress> _servers = [.. ServerAddress.ParseList(urls)];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _servers.Count;
            }
        }
    }

    /// <summary>Takes the next in turn.</summary>
    public ServerAddress Next()
    {
        lock (_gate)
        {
            ServerAddress next = _servers[0];
            _servers.RemoveAt(0);
            _servers.Add(next);
            return next;
        }
    }

    /// <summary>Adds the neighbours that are not known yet, in random order: clients of one server then spread when it goes.</summary>
    public void Learn(ServerAddress from, ImmutableArray<string> neighbours)
    {
        string[] shuffled = [.. neighbours];
        lock (_gate)
        {
            random.Shuffle<string>(shuffled);
            foreach (string neighbour in shuffled)
            {
                ServerAddress address = from.Neighbour(neighbour);
                if (!_servers.Exists(known => known.IsSamePlace(address)))
                {
                    _servers.Insert(0, address);
                }
            }
        }
    }
}
