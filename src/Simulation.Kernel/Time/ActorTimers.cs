namespace Simulation.Kernel;

/// <summary>The timers of one actor. Everything but <see cref="ActorTimer.OnTimer"/> happens in the actor's turns.</summary>
internal sealed class ActorTimers(ActorCell cell) : ITimers
{
    private readonly Dictionary<object, ActorTimer> _timers = [];

    /// <summary>One that has fired for the last time, and that nobody refers to any more: the next one.</summary>
    private ActorTimer? _spare;

    public void StartSingleTimer(object key, object message, TimeSpan delay) => Start(key, message, delay, null);

    public void StartPeriodicTimer(object key, object message, TimeSpan interval) => StartPeriodicTimer(key, message, interval, interval);

    public void StartPeriodicTimer(object key, object message, TimeSpan initialDelay, TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        Start(key, message, initialDelay, interval);
    }

    public bool IsTimerActive(object key) => _timers.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_timers.Remove(key, out ActorTimer? timer))
        {
            timer.Cancel();
        }
    }

    public void CancelAll()
    {
        foreach (ActorTimer timer in _timers.Values)
        {
            timer.Cancel();
        }

        _timers.Clear();
    }

    /// <summary>The timer's tick is in hand. Says whether it still counts, and arranges the next one.</summary>
    internal bool Accept(ActorTimer timer)
    {
        if (timer.IsCancelled)
        {
            return false;
        }

        if (!timer.StartNext())
        {
            _timers.Remove(timer.Key);
            _spare = timer;
        }

        return true;
    }

    private void Start(object key, object message, TimeSpan delay, TimeSpan? interval)
    {
        cell.RequireTurn();
        Cancel(key);
        ActorTimer timer = _spare ?? new ActorTimer(cell);
        _spare = null;
        timer.Become(key, message, interval);
        _timers.Add(key, timer);
        timer.Start(delay);
    }
}
