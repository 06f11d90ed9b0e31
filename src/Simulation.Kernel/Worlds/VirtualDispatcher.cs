using System.Runtime.InteropServices;

namespace Simulation.Kernel;

/// <summary>
/// The virtual world: one thread, a clock that jumps to the next timer, and every tie of an instant broken by the seed. Nothing happens
/// until one of the Run methods is called; they run on the caller's thread.
/// </summary>
/// <remarks>
/// One step is either one item of one cell (which cell, among those that have something to do, is drawn) or all timers of one instant (in
/// an order that is drawn). A cell's own mailbox stays first in, first out, as messages from one sender to one receiver do.
/// </remarks>
public sealed class VirtualDispatcher : Dispatcher
{
    private readonly DateTimeOffset _start;
    private readonly TraceHash _trace = new();
    private readonly RandomStream _order;
    private readonly TimerHeap _timers = new();
    private readonly List<DueTimer> _due = [];
    private readonly ReadyCells _ready = new();
    private readonly TrapSynchronizationContext _trap;
    private readonly HashSet<string> _planted;
    private TimeSpan _now;
    private long _stepsOfInstant;
    private Turn _turn = Turn.OfThisThread;
    private int _loopThread;

    internal VirtualDispatcher(ulong seed, DateTimeOffset start, BuggifyOptions buggify, IReadOnlySet<string>? planted)
    {
        _start = start;
        _trap = new TrapSynchronizationContext(() => Volatile.Read(ref _loopThread));
        Buggify = new Buggifier(seed, buggify);
        _order = RandomStream.Derive(seed, "order");
        _planted = [.. planted ?? (IEnumerable<string>)[]];
    }

    /// <summary>Time since the start.</summary>
    public TimeSpan Elapsed => _now;

    /// <summary>
    /// One hash over every step so far: time, actor, message type, what the message says, and each random number drawn. Two runs of the same
    /// program with the same seeds have the same hash at the same time.
    /// </summary>
    public ulong TraceHash => _trace.Value;

    /// <summary>The rare but legal things of this world: which sites were met, enabled and fired; and the switch.</summary>
    public Buggifier Buggify { get; }

    /// <summary>Signals, messages and timers handled so far.</summary>
    public long Steps { get; private set; }

    /// <summary>More steps than this without time passing are taken for an endless loop.</summary>
    internal long MaxStepsOfInstant { get; set; } = 100_000_000;

    internal override bool IsVirtual => true;

    internal override DateTimeOffset Now => _start + _now;

    internal override TimeSpan Uptime => _now;

    internal override TraceHash Trace => _trace;

    internal override Buggifier Buggifier => Buggify;

    internal override bool IsPlanted(string bug) => _planted.Count > 0 && _planted.Contains(bug);

    /// <summary>Tells the observer everything from now on, in place of the one before; null for nobody. The run and its hash stay the same.</summary>
    public void Observe(IWorldObserver? observer) => Observer = observer;

    /// <summary>
    /// After a run: nothing that began in this world has gone on outside of it, on the thread pool, by a real timer or on another thread. What is
    /// seen while the world runs ends the run at once. In a process that does nothing else, <see cref="PlatformUse"/> says even more.
    /// </summary>
    /// <exception cref="ForeignWorkException">Something has.</exception>
    /// <exception cref="ForeignAwaitException">A plain task wanted to.</exception>
    public void ThrowIfAnythingEscaped() => _trap.ThrowIfSprung();

    /// <summary>Runs everything that is due up to that time after the start, and leaves the clock there.</summary>
    public void RunUntil(TimeSpan elapsed) => Loop(null, elapsed);

    /// <summary>As <see cref="RunUntil(TimeSpan)"/>, from now on.</summary>
    public void RunFor(TimeSpan time) => RunUntil(_now + time);

    /// <summary>Runs step by step until the condition holds, at most until that time after the start.</summary>
    /// <returns>Whether the condition holds; if not, the clock stands at <paramref name="elapsed"/>.</returns>
    public bool RunUntil(Func<bool> condition, TimeSpan elapsed)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return Loop(condition, elapsed);
    }

    /// <summary>Runs the body inside a temporary actor, and the world until the body has ended.</summary>
    public T Run<T>(Func<IActorContext, ActorTask<T>> body)
    {
        Task<T> result = RequireSystem().RunAsync(body);
        LetComplete(result);
        return result.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Run{T}"/>
    public void Run(Func<IActorContext, ActorTask> body)
    {
        Task result = RequireSystem().RunAsync(body);
        LetComplete(result);
        result.GetAwaiter().GetResult();
    }

    internal override MessageQueue<T> CreateQueue<T>() => new LocalQueue<T>();

    internal override TaskCompletionSource<T> CreateCompletion<T>() => new();

    internal override void Wake(ActorCell cell)
    {
        RequireLoopThread();
        if (cell.Scheduled == 0)
        {
            cell.Scheduled = 1;
            _ready.Add(cell);
        }
    }

    internal override void WakeForMail(ActorCell cell)
    {
        RequireLoopThread();
        if (cell.Scheduled == 0 && cell.TakesMail)
        {
            cell.Scheduled = 1;
            _ready.Add(cell);
        }
    }

    internal override TimerHandle StartTimer(TimeSpan delay, ITimerTarget target, int token)
    {
        RequireLoopThread();
        long now = _now.Ticks;
        return _timers.Add(now + Math.Clamp(delay.Ticks, 0, long.MaxValue - now), target, token);
    }

    internal override void CancelTimer(TimerHandle timer)
    {
        RequireLoopThread();
        _timers.Cancel(timer);
    }

    internal override void Close()
    {
    }

    internal override ValueTask LetCompleteAsync(Task task)
    {
        LetComplete(task);
        return ValueTask.CompletedTask;
    }

    private void LetComplete(Task task)
    {
        if (!Loop(() => task.IsCompleted, TimeSpan.MaxValue))
        {
            throw new InvalidOperationException("Nothing is left that could happen in the virtual world, and what was waited for has not.");
        }
    }

    /// <returns>Whether the condition holds; false at the end of time, or (with all time in the world) when nothing is left to happen.</returns>
    private bool Loop(Func<bool>? condition, TimeSpan until)
    {
        if (_loopThread != 0)
        {
            throw new InvalidOperationException("The virtual world is running already; inside it, await instead.");
        }

        SynchronizationContext? outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_trap);
        TrapSynchronizationContext? outerFlow = WorldFlow.Exchange(_trap);
        _turn = Turn.OfThisThread;
        ActorCell? outerCell = _turn.Cell;
        _turn.Cell = null;
        _loopThread = Environment.CurrentManagedThreadId;
        try
        {
            do
            {
                if (condition is not null && condition())
                {
                    return true;
                }
            }
            while (Step(until));
        }
        finally
        {
            _loopThread = 0;
            _turn.Cell = outerCell;
            WorldFlow.Exchange(outerFlow);
            SynchronizationContext.SetSynchronizationContext(outer);
        }

        if (until != TimeSpan.MaxValue && until > _now)
        {
            _now = until;
        }

        return false;
    }

    /// <returns>False when nothing more is due until then.</returns>
    private bool Step(TimeSpan until)
    {
        _trap.ThrowIfSprung();
        if (_ready.Count > 0)
        {
            RunTurn(_ready.Take(_order));
            return true;
        }

        if (!_timers.TryTake(until.Ticks, out DueTimer first))
        {
            return false;
        }

        if (_now.Ticks != first.At)
        {
            _now = TimeSpan.FromTicks(first.At);
            _trace.AddTime(_now);
            _stepsOfInstant = 0;
        }

        FireInstant(first);
        return true;
    }

    private void RunTurn(ActorCell cell)
    {
        Steps++;
        if (++_stepsOfInstant > MaxStepsOfInstant)
        {
            throw new InvalidOperationException(
                $"More than {MaxStepsOfInstant} steps at {_now} without time passing: an endless loop, in which {cell.Path} takes part.");
        }

        _turn.Cell = cell;
        cell.TryRunOne();
        _turn.Cell = null;
        if (cell.HasWork)
        {
            _ready.Add(cell);
        }
        else
        {
            cell.Scheduled = 0;
        }
    }

    /// <summary>This timer and all others of its instant, shuffled.</summary>
    private void FireInstant(in DueTimer first)
    {
        if (_timers.NextAt > first.At)
        {
            Fire(first);
            return;
        }

        _due.Clear();
        _due.Add(first);
        while (_timers.TryTake(first.At, out DueTimer next))
        {
            _due.Add(next);
        }

        _order.Shuffle(CollectionsMarshal.AsSpan(_due));
        foreach (DueTimer due in _due)
        {
            Fire(due);
        }
    }

    private void Fire(in DueTimer due)
    {
        Steps++;
        due.Target.OnTimer(due.Token);
    }

    private void RequireLoopThread()
    {
        int loop = _loopThread;
        if (loop != 0 && loop != Environment.CurrentManagedThreadId)
        {
            throw new InvalidOperationException("The virtual world was touched from another thread while it ran.");
        }
    }

    private ActorSystem RequireSystem() => System ?? throw new InvalidOperationException("Create an ActorSystem with this dispatcher first.");
}
