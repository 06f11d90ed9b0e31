using System.Diagnostics;

namespace Simulation.Kernel;

/// <summary>The real world: cells take turns on the thread pool; time is the wall clock at the start plus what has passed since, so it never steps back.</summary>
internal sealed class RealDispatcher : Dispatcher
{
    /// <summary>Signals and messages that one turn may handle before others get the thread.</summary>
    private const int TurnBudget = 64;

    /// <summary>Every so many wakes of a thread go to the pool's shared queue.</summary>
    private const int SharedQueueEvery = 64;

    private const int DueBatch = 64;

    [ThreadStatic] private static int t_wakes;
    [ThreadStatic] private static DueTimer[]? t_due;

    /// <summary>The wall clock, and the clock that never steps, at the same instant.</summary>
    private readonly (DateTimeOffset Time, long Stamp) _start = ReadClocks();

    private readonly Lock _timerGate = new();
    private readonly TimerHeap _timers = new();

    /// <summary>The one platform timer, set to the earliest of ours. Held here: an unreferenced one is collected and never fires.</summary>
    private readonly Timer _alarm;

    private long _alarmAt = long.MaxValue;

    internal RealDispatcher()
    {
        using (ExecutionContext.SuppressFlow())
        {
            _alarm = new Timer(static self => ((RealDispatcher)self!).FireDue(), this, Timeout.Infinite, Timeout.Infinite);
        }
    }

    internal override bool IsVirtual => false;

    internal override DateTimeOffset Now => _start.Time + Uptime;

    internal override TimeSpan Uptime => Stopwatch.GetElapsedTime(_start.Stamp);

    internal override MessageQueue<T> CreateQueue<T>() => new SharedQueue<T>();

    internal override TaskCompletionSource<T> CreateCompletion<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// A thread that is put aside between two clocks would be wrong by that time ever after, and the logs of several processes are read as one, by
    /// their times. So the wall clock is read between two looks at the other one, and the closest look counts.
    /// </summary>
    private static (DateTimeOffset Time, long Stamp) ReadClocks()
    {
        const int Looks = 32;
        (DateTimeOffset Time, long Stamp) best = default;
        long closest = long.MaxValue;
        for (int look = 0; look < Looks; look++)
        {
            long before = Stopwatch.GetTimestamp();
            DateTimeOffset now = DateTimeOffset.UtcNow;
            long apart = Stopwatch.GetTimestamp() - before;
            if (apart < closest)
            {
                (closest, best) = (apart, (now, before + (apart / 2)));
            }
        }

        return best;
    }

    internal override void Wake(ActorCell cell)
    {
        // Store the item, fence, look at the flag; the end of a turn clears the flag, fences, looks at the items. One of the two sees
        // the other, so no item is left lying.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref cell.Scheduled) == 0)
        {
            Schedule(cell);
        }
    }

    internal override void WakeForMail(ActorCell cell)
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref cell.Scheduled) == 0 && cell.TakesMail)
        {
            Schedule(cell);
        }
    }

    internal void Execute(ActorCell cell)
    {
        if (cell.RunTurn(TurnBudget) && cell.HasWork)
        {
            ThreadPool.UnsafeQueueUserWorkItem(cell, preferLocal: false);     // behind everybody else
            return;
        }

        Volatile.Write(ref cell.Scheduled, 0);
        Interlocked.MemoryBarrier();
        if (cell.HasWork)
        {
            Schedule(cell);
        }
    }

    internal override TimerHandle StartTimer(TimeSpan delay, ITimerTarget target, int token)
    {
        lock (_timerGate)
        {
            long now = Uptime.Ticks;
            long at = now + Math.Clamp(delay.Ticks, 0, long.MaxValue - now);
            TimerHandle handle = _timers.Add(at, target, token);
            if (at < _alarmAt)
            {
                SetAlarm(at, now);
            }

            return handle;
        }
    }

    internal override void CancelTimer(TimerHandle timer)
    {
        lock (_timerGate)
        {
            _timers.Cancel(timer);
        }
    }

    internal override void Close()
    {
        lock (_timerGate)
        {
            _alarmAt = long.MinValue;       // nothing is earlier: no more alarms
            _alarm.Dispose();
        }
    }

    internal override ValueTask LetCompleteAsync(Task task) => new(task);

    private static void Schedule(ActorCell cell)
    {
        if (Interlocked.Exchange(ref cell.Scheduled, 1) != 0)
        {
            return;
        }

        // The thread's own queue is fastest, but last in, first out: two actors that wake each other would keep everybody below them
        // waiting for ever. Now and then a wake therefore joins the shared queue.
        bool local = ++t_wakes % SharedQueueEvery != 0;
        ThreadPool.UnsafeQueueUserWorkItem(cell, local);
    }

    private void FireDue()
    {
        DueTimer[] batch = t_due ??= new DueTimer[DueBatch];
        int count;
        do
        {
            count = 0;
            lock (_timerGate)
            {
                long now = Uptime.Ticks;
                while (count < batch.Length && _timers.TryTake(now, out DueTimer due))
                {
                    batch[count++] = due;
                }

                if (count < batch.Length && _alarmAt != long.MinValue)
                {
                    _alarmAt = long.MaxValue;
                    if (_timers.NextAt != long.MaxValue)
                    {
                        SetAlarm(_timers.NextAt, now);
                    }
                }
            }

            for (int i = 0; i < count; i++)
            {
                batch[i].Target.OnTimer(batch[i].Token);
                batch[i] = default;
            }
        }
        while (count == batch.Length);
    }

    private void SetAlarm(long at, long now)
    {
        _alarmAt = at;
        long milliseconds = (long)Math.Ceiling((at - now) / (double)TimeSpan.TicksPerMillisecond);
        _alarm.Change(Math.Clamp(milliseconds, 0, int.MaxValue), Timeout.Infinite);
    }
}
