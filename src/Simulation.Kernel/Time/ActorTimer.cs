namespace Simulation.Kernel;

/// <summary>One named timer. It travels through the mailbox itself as its tick, so a periodic one allocates nothing per tick.</summary>
internal sealed class ActorTimer(ActorCell cell) : ITimerTarget
{
    private TimeSpan? _interval;
    private TimeSpan _dueAt;
    private TimerHandle _handle;

    internal object Key { get; private set; } = null!;

    internal object Message { get; private set; } = null!;

    internal bool IsCancelled { get; private set; }

    void ITimerTarget.OnTimer(int token)
    {
        cell.Report(WorldEventKind.TimerFired, Message);
        cell.Tell(this);
    }

    /// <summary>Which timer it is from now on. One that was cancelled stays what it was: its tick may be under way.</summary>
    internal void Become(object key, object message, TimeSpan? interval) => (Key, Message, _interval) = (key, message, interval);

    internal void Start(TimeSpan delay)
    {
        _dueAt = cell.Uptime + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
        _handle = cell.Dispatcher.StartTimer(delay, this, 0);
    }

    /// <returns>False when this timer fires only once.</returns>
    internal bool StartNext()
    {
        if (_interval is not { } period)
        {
            return false;
        }

        TimeSpan now = cell.Uptime;
        _dueAt += period;
        if (_dueAt < now)
        {
            long missed = ((now - _dueAt).Ticks + period.Ticks - 1) / period.Ticks;
            _dueAt += missed * period;
        }

        _handle = cell.Dispatcher.StartTimer(_dueAt - now, this, 0);
        return true;
    }

    internal void Cancel()
    {
        IsCancelled = true;
        cell.Dispatcher.CancelTimer(_handle);
    }
}
