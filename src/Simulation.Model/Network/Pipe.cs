using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>One direction of one connection. What is sent arrives later and in order, or (once it is closed) never.</summary>
internal sealed class Pipe<T>
{
    private readonly ActorSystem _system;
    private readonly Func<TimeSpan> _latency;
    private readonly Func<T, TimeSpan>? _transmission;
    private readonly Action<T> _arrive;
    private readonly Queue<(TimeSpan At, T What)> _inFlight = new();
    private readonly Alarm _alarm;
    private bool _isTimed;
    private bool _isClosed;
    private bool _isHeld;
    private bool _isSwallowing;
    private TimeSpan _freeAt;
    private TimeSpan _lastAt;

    /// <param name="system">Whose time it is.</param>
    /// <param name="latency">Drawn for each that is sent.</param>
    /// <param name="arrive">What happens at the other end.</param>
    /// <param name="transmission">How long the pipe is busy with one before it takes the next; null when there is room for everything.</param>
    public Pipe(ActorSystem system, Func<TimeSpan> latency, Action<T> arrive, Func<T, TimeSpan>? transmission = null)
    {
        _system = system;
        _latency = latency;
        _transmission = transmission;
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

        TimeSpan at = SentAt(what) + _latency();
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

    /// <summary>When the last byte of it is on its way: behind everything that was sent before it.</summary>
    private TimeSpan SentAt(T what)
    {
        TimeSpan now = _system.Uptime;
        TimeSpan takes = _transmission?.Invoke(what) ?? TimeSpan.Zero;
        if (takes == TimeSpan.Zero)
        {
            return now;
        }

        _freeAt = (_freeAt > now ? _freeAt : now) + takes;
        return _freeAt;
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
