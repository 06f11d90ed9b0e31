using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>Where the server runs: tells it the time, wakes it when it has something to do, and knows who is connected.</summary>
internal sealed class ModelHost
{
    private readonly ModelServer _server;
    private readonly ActorSystem _system;
    private readonly Alarm _alarm;
    private readonly LinkedList<Session> _sessions = new();
    private DateTimeOffset? _timedFor;

    public ModelHost(ModelServer server, ActorSystem system)
    {
        _server = server;
        _system = system;
        _alarm = system.CreateAlarm(Wake);
    }

    public ActorSystem System => _system;

    public ModelServer Server => _server;

    public void Open(Session session) => _sessions.AddLast(session);

    public void Closed(Session session)
    {
        _sessions.Remove(session);
        Do(new Request(running => running.Forget(sink => sink.Owner == session)));
    }

    /// <summary>Does something at the server, now; nothing when it does not run.</summary>
    public void Do(IRequest request)
    {
        if (_server.IsRunning)
        {
            _server.Advance(_system.Now);
            request.DoAt(_server);
            Time();
        }
    }

    public void Start()
    {
        _server.Start(_system.Now);
        Time();
    }

    public void Stop(Action<DateTimeOffset> stop, string reason)
    {
        stop(_system.Now);
        while (_sessions.First is { } first)
        {
            _sessions.Remove(first);
            first.Value.CloseByServer(reason);
        }
    }

    /// <summary>A timer that comes too early only looks again: that is cheaper than a new one for each change.</summary>
    private void Time()
    {
        if (_server.NextDue is { } due && (_timedFor is null || due < _timedFor))
        {
            _timedFor = due;
            _alarm.Set(due - _system.Now);
        }
    }

    private void Wake()
    {
        _timedFor = null;
        if (_server.IsRunning)
        {
            _server.Advance(_system.Now);
            Time();
        }
    }
}
