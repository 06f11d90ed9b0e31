using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>
/// One direction of one connection. What is sent arrives later and in order, or (once it is closed) never. It is its own alarm, and its ends are
/// methods of its own, because most of what happens in a modelled world is that something arrives.
/// </summary>
internal abstract class Pipe<T>(ActorSystem system) : Alarm(system)
{
    private readonly ActorSystem _system = system;
    private readonly Queue<(TimeSpan At, T What)> _inFlight = new();
    private bool _isTimed;
    private bool _isClosed;
    private bool _isHeld;
    private bool _isSwallowing;
    private TimeSpan _freeAt;
    private TimeSpan _lastAt;

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

        TimeSpan at = SentAt(what) + DrawLatency();
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

    /// <summary>For each that is sent.</summary>
    protected abstract TimeSpan DrawLatency();

    /// <summary>How long the pipe is busy with one before it takes the next.</summary>
    protected virtual TimeSpan TimeFor(T what) => TimeSpan.Zero;

    /// <summary>What happens at the other end.</summary>
    protected abstract void Arrive(T what);

    protected sealed override void Ring()
    {
        _isTimed = false;
        while (!_isHeld && _inFlight.TryPeek(out (TimeSpan At, T What) next) && next.At <= _system.Uptime)
        {
            _inFlight.Dequeue();
            Arrive(next.What);
        }

        Time();
    }

    /// <summary>When the last byte of it is on its way: behind everything that was sent before it.</summary>
    private TimeSpan SentAt(T what)
    {
        TimeSpan now = _system.Uptime;
        TimeSpan takes = TimeFor(what);
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
            SetAnew(next.At - _system.Uptime);
        }
    }
}
