using System.Collections.Concurrent;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats.Connection;
using Simulation.Nats.JetStream;

namespace Simulation.Nats;

/// <summary>Opens connections over TCP. Disposing it aborts those that are still open.</summary>
public sealed class NatsConnector(NatsOptions options, ActorSystem system) : IJetStreamConnector, IDisposable
{
    private readonly ConcurrentDictionary<IJetStreamConnection, bool> _open = [];

    public ActorTask<IJetStreamConnection> ConnectAsync(string name, IActorRef? observer = null)
    {
        Promise<IJetStreamConnection> promise = Promise<IJetStreamConnection>.Rent();
        ActorTask<IJetStreamConnection> task = promise.Task;
        _ = Task.Run(() => ConnectAsync(name, observer, promise));
        return task;
    }

    public void Dispose()
    {
        foreach (IJetStreamConnection connection in _open.Keys)
        {
            connection.Abort();
        }
    }

    private async Task ConnectAsync(string name, IActorRef? observer, Promise<IJetStreamConnection> promise)
    {
        var states = new StateTeller(observer, system, closed => _open.TryRemove(closed, out _));
        try
        {
            NatsConnection connection = await NatsConnection.OpenAsync(name, options, system.Stream($"nats/{name}"), system.Log, states.Tell).ConfigureAwait(false);
            var jetStream = new NatsJetStreamConnection(system, connection, options);
            _open[jetStream] = true;
            states.Begin(jetStream);
            promise.TrySetResult(jetStream);
        }
        catch (Exception error)
        {
            promise.TrySetException(error);
        }
    }
}
