namespace Simulation.Kernel;

/// <summary>One named timer. It travels through the mailbox itself as its tick, so a periodic one allocates nothing per tick.</summary>
internal sealed class ActorTimer(ActorCell cell, object key, object message, TimeSpan? interval) : ITimerTarget
{
    private TimeSpan _dueAt;
    private TimerHandle _handle;

    internal object Key => key;

    internal object Message => message;

    internal bool IsCancelled { get; private set; }

    void ITimerTarget.OnTimer(int token)
    {
        cell.Report(WorldEventKind.TimerFired, Message);
        cell.Tell(this);
    }

    internal void Start(TimeSpan delay)
    {
        _dueAt = cell.Uptime + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
        _handle = cell.Dispatcher.StartTimer(delay, this, 0);
    }

    /// <returns>False when this timer fires only once.</returns>
    internal bool StartNext()
    {
        if (interval is not { } period)
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
