namespace Simulation.Nats.Connection;

/// <summary>
/// One timer for many deadlines. It is armed for the earliest that it heard of; when it fires, the owner expires what is overdue and says
/// which deadline is the earliest now. So a thousand publishes a second cost one firing per timeout, not a thousand timers.
/// </summary>
internal sealed class DeadlineTimer : IDisposable
{
    public const long Never = long.MaxValue;

    private readonly Lock _gate = new();
    private readonly Func<long, long> _expire;
    private readonly Timer _timer;
    private long _armedFor = Never;

    /// <param name="expire">Given the present, expires what is overdue and returns the earliest deadline left, or <see cref="Never"/>.</param>
    public DeadlineTimer(Func<long, long> expire)
    {
        _expire = expire;
        _timer = new Timer(_ => Fire(), null, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>Milliseconds on the clock in which deadlines are given.</summary>
    public static long Now => Environment.TickCount64;

    public static long After(TimeSpan duration) => Now + Math.Max(1, (long)Math.Ceiling(duration.TotalMilliseconds));

    /// <summary>Makes sure that the timer fires by then.</summary>
    public void Ensure(long deadline)
    {
        if (deadline >= Volatile.Read(ref _armedFor))
        {
            return;
        }

        lock (_gate)
        {
            if (deadline < _armedFor)
            {
                Volatile.Write(ref _armedFor, deadline);
                _timer.Change(Math.Clamp(deadline - Now, 0, int.MaxValue), Timeout.Infinite);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Fire()
    {
        // Disarmed before the sweep: a deadline that is added while it runs then arms the timer itself.
        Volatile.Write(ref _armedFor, Never);
        Ensure(_expire(Now));
    }
}
