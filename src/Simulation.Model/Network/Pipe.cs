using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>One direction of one connection. What is sent arrives later and in order, or (once it is closed) never.</summary>
internal sealed class Pipe(ActorSystem system, ModelLink link)
{
    private readonly Queue<(TimeSpan At, Action Arrive)> _inFlight = new();
    private bool _isTimed;
    private bool _isClosed;
    private bool _isHeld;
    private TimeSpan _lastAt;

    public void Send(Action arrive)
    {
        if (_isClosed)
        {
            return;
        }

        TimeSpan at = system.Uptime + link.DrawLatency();
        _lastAt = at > _lastAt ? at : _lastAt;
        _inFlight.Enqueue((_lastAt, arrive));
        Time();
    }

    /// <summary>Nothing arrives until <see cref="Release"/>.</summary>
    public void Hold() => _isHeld = true;

    public void Release()
    {
        _isHeld = false;
        Time();
    }

    /// <summary>What is under way never arrives.</summary>
    public void Close()
    {
        _isClosed = true;
        _inFlight.Clear();
    }

    private void Time()
    {
        if (!_isTimed && !_isHeld && _inFlight.TryPeek(out var next))
        {
            _isTimed = true;
            system.Schedule(next.At - system.Uptime, Arrive);
        }
    }

    private void Arrive()
    {
        _isTimed = false;
        while (!_isHeld && _inFlight.TryPeek(out var next) && next.At <= system.Uptime)
        {
            _inFlight.Dequeue();
            next.Arrive();
        }

        Time();
    }
}
