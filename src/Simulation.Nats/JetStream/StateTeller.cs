using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Nats.JetStream;

/// <summary>Tells the observer every change of state, in order. What happens before the connection object exists waits until it does.</summary>
internal sealed class StateTeller(IActorRef? observer, ActorSystem system, Action<IJetStreamConnection> closed)
{
    private readonly Lock _gate = new();
    private readonly Queue<Change> _early = new();
    private IJetStreamConnection? _connection;

    public void Tell(ConnectionState state, string reason, int attempt)
    {
        var change = new Change(state, reason, attempt, system.Now);
        lock (_gate)
        {
            if (_connection is null)
            {
                _early.Enqueue(change);
            }
            else
            {
                Tell(_connection, change);
            }
        }
    }

    public void Begin(IJetStreamConnection connection)
    {
        lock (_gate)
        {
            _connection = connection;
            while (_early.TryDequeue(out Change? change))
            {
                Tell(connection, change);
            }
        }
    }

    private void Tell(IJetStreamConnection connection, Change change)
    {
        observer?.Tell(new ConnectionStateChanged(connection, change.State, change.Reason, change.Attempt, change.At));
        if (change.State == ConnectionState.Closed)
        {
            closed(connection);
        }
    }

    private sealed record Change(ConnectionState State, string Reason, int Attempt, DateTimeOffset At);
}
