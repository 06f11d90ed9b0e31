using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Actors;

/// <summary>Knows everybody's connection, so that a participant that is killed loses its socket too, as a process would.</summary>
internal sealed class ConnectionRegistry(IJetStreamConnector connector) : IJetStreamConnector
{
    private readonly Dictionary<string, IJetStreamConnection> _open = new(StringComparer.Ordinal);

    public async ActorTask<IJetStreamConnection> ConnectAsync(string name, IActorRef? observer = null)
    {
        IJetStreamConnection connection = await connector.ConnectAsync(name, observer);
        lock (_open)
        {
            _open[name] = connection;
        }

        return connection;
    }

    public void Cut(string name)
    {
        IJetStreamConnection? connection;
        lock (_open)
        {
            _open.Remove(name, out connection);
        }

        connection?.Abort();
    }
}
