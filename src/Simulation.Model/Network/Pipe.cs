using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>One direction of one connection. What is sent arrives later and in order, or (once it is closed) never.</summary>
internal sealed class Pipe<T>
{
    private readonly ActorSystem _system;
    private readonly Func<TimeSpan> _latency;
    private readonly Action<T> _arrive;
    private readonly Queue<(TimeSpan At, T What)> _inFlight = new();
    private readonly Alarm _alarm;
    private bool _isTimed;
    private bool _isClosed;
    private bool _isHeld;
    private bool _isSwallowing;
    private TimeSpan _lastAt;

    public Pipe(ActorSystem system, Func<TimeSpan> latency, Action<T> arrive)
    {
        _system = system;
        _latency = latency;
        _arrive = arrive;
        _alarm = system.CreateAlarm(Arrive);
    }

    public int Count => _inFlight.Count;

    /// <summary>What vanished on the way.</summary>
    public long Swallowed { get; private set; }

    public void Send(T what)
    {
        if (_isClosed)
        {
            return;
        }

        if (_isSwallowing)
        {
            Swallowed++;
            return;
        }

        TimeSpan at = _system.Uptime + _latency();
        _lastAt = at > _lastAt ? at : _lastAt;
        _inFlight.Enqueue((_lastAt, what));
        Time();
    }

    /// <summary>Nothing arrives until <see cref="Release"/>.</summary>
    public void Hold() => _isHeld = true;

    public void Release()
    {
        _isHeld = false;
        Time();
    }

    /// <summary>What is under way and what is sent from now on vanishes, and nobody is told.</summary>
    public void Swallow()
    {
        _isSwallowing = true;
        Swallowed += _inFlight.Count;
        _inFlight.Clear();
    }

    /// <summary>Of what is under way, only the first so many still arrive.</summary>
    public void Drop(Func<int, int> keep)
    {
        int count = keep(_inFlight.Count);
        (TimeSpan At, T What)[] kept = [.. _inFlight.Take(count)];
        _inFlight.Clear();
        foreach ((TimeSpan At, T What) each in kept)
        {
            _inFlight.Enqueue(each);
        }
    }

    /// <summary>What is under way never arrives.</summary>
    public void Close()
    {
        _isClosed = true;
        _inFlight.Clear();
    }

    private void Time()
    {
        if (!_isTimed && !_isHeld && _inFlight.TryPeek(out (TimeSpan At, T What) next))
        {
            _isTimed = true;
            _alarm.Set(next.At - _system.Uptime);
        }
    }

    private void Arrive()
    {
        _isTimed = false;
        while (!_isHeld && _inFlight.TryPeek(out (TimeSpan At, T What) next) && next.At <= _system.Uptime)
        {
            _inFlight.Dequeue();
            _arrive(next.What);
        }

        Time();
    }
}
