using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>Where the server runs: tells it the time, wakes it when it has something to do, and knows who is connected.</summary>
internal sealed class ModelHost(ModelServer server, ActorSystem system)
{
    private readonly LinkedList<Session> _sessions = new();
    private IDisposable? _timer;
    private DateTimeOffset? _timedFor;

    public ActorSystem System => system;

    public ModelServer Server => server;

    public void Open(Session session) => _sessions.AddLast(session);

    public void Closed(Session session)
    {
        _sessions.Remove(session);
        Do(running => running.Forget(sink => sink.Owner == session));
    }

    /// <summary>Does something at the server, now; nothing when it does not run.</summary>
    public void Do(Action<ModelServer> act)
    {
        if (server.IsRunning)
        {
            server.Advance(system.Now);
            act(server);
            Time();
        }
    }

    public void Start()
    {
        server.Start(system.Now);
        Time();
    }

    public void Stop(Action<DateTimeOffset> stop, string reason)
    {
        stop(system.Now);
        while (_sessions.First is { } first)
        {
            _sessions.Remove(first);
            first.Value.CloseByServer(reason);
        }
    }

    /// <summary>A timer that comes too early only looks again: that is cheaper than a new one for each change.</summary>
    private void Time()
    {
        if (server.NextDue is { } due && (_timedFor is null || due < _timedFor))
        {
            _timer?.Dispose();
            _timedFor = due;
            _timer = system.Schedule(due - system.Now, Wake);
        }
    }

    private void Wake()
    {
        _timedFor = null;
        Do(_ => { });
    }
}
