namespace Simulation.Kernel;

/// <summary>One world of actors, from its first actor to its end.</summary>
public sealed class ActorSystem : IAsyncDisposable
{
    /// <summary>How long <see cref="DisposeAsync"/> waits for graceful stops before it kills what is left.</summary>
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(10);

    private readonly KindCounter<Type> _deadLetters = new();
    private readonly KindCounter<(Type Actor, Type Message)> _unhandled = new();
    private readonly TaskCompletionSource<Exception> _failed;
    private readonly ActorCell _root;
    private int _lastActorId;
    private int _lastBridge;

    private ActorSystem(string name, Dispatcher dispatcher, ulong seed, IKernelLog log)
    {
        Name = name;
        Dispatcher = dispatcher;
        Seed = seed;
        Log = log;
        dispatcher.Attach(this);
        _failed = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        DeadLetters = new DeadLetterRef(this);
        _root = new ActorCell(this, null, "", new Props(() => new RootGuardian()));
        _root.Enqueue(StartSignal.Instance);
    }

    public string Name { get; }

    /// <summary>From which every stream of chance is derived.</summary>
    public ulong Seed { get; }

    /// <summary>The wall clock of the world; never steps back within a run.</summary>
    public DateTimeOffset Now => Dispatcher.Now;

    /// <summary>Time since the system started, monotonic.</summary>
    public TimeSpan Uptime => Dispatcher.Uptime;

    public bool IsVirtual => Dispatcher.IsVirtual;

    /// <summary>Whether somebody reads what <see cref="Note"/> says.</summary>
    public bool IsObserved => Dispatcher.Observer is not null;

    public IKernelLog Log { get; }

    /// <summary>Messages told to actors that were gone. Each message type is logged once. What a kill cleared is lost, not a dead letter.</summary>
    public long DeadLetterCount => _deadLetters.Count;

    /// <summary>Messages that their receiver had no handler for. Each kind (actor and message type) is logged once.</summary>
    public long UnhandledCount => _unhandled.Count;

    public IActorRef DeadLetters { get; }

    /// <summary>
    /// Completes, with the cause, when a failure was escalated past the last supervisor. The system then stops every actor by itself.
    /// Never completes otherwise.
    /// </summary>
    public Task<Exception> WhenFailed => _failed.Task;

    internal Dispatcher Dispatcher { get; }

    public static ActorSystem Create(string name, Dispatcher dispatcher, ulong seed, IKernelLog? log = null) =>
        new(name, dispatcher, seed, log ?? NullLog.Instance);

    /// <summary>A stream of chance of its own for a named thing, derived from the seed.</summary>
    public RandomStream Stream(string name) => RandomStream.Derive(Seed, name, Dispatcher.Trace);

    /// <summary>
    /// Tells the world's observer what is not an actor's doing: frames on a modelled wire, a server that stops. Nothing when nobody watches;
    /// ask <see cref="IsObserved"/> before making a costly subject.
    /// </summary>
    public void Note(WorldEventKind kind, string actor, string? sender = null, object? subject = null) =>
        Dispatcher.Observer?.OnEvent(new WorldEvent(Uptime, kind, actor, sender, subject));

    /// <summary>Makes a top-level actor.</summary>
    public IActorRef ActorOf(Props props, string name) => _root.MakeChild(props, name);

    /// <inheritdoc cref="IActorContext.Stop"/>
    public void Stop(IActorRef actor) => _root.Stop(actor);

    /// <inheritdoc cref="IActorContext.Kill"/>
    public void Kill(IActorRef actor) => _root.Kill(actor);

    /// <summary>
    /// Bridge from plain code (Main, tests) into the world: runs the body inside a temporary actor. Real world only; in the virtual
    /// world nothing happens until the dispatcher runs.
    /// </summary>
    public Task<T> RunAsync<T>(Func<IActorContext, ActorTask<T>> body)
    {
        TaskCompletionSource<T> completion = Dispatcher.CreateCompletion<T>();
        ActorCell bridge = _root.MakeChild(new Props(() => new BridgeActor<T>(body, completion)), $"run-{Interlocked.Increment(ref _lastBridge)}");
        AwaitEnd(bridge).Task.ContinueWith(
            _ => completion.TrySetException(new OperationCanceledException($"{bridge.Path} was stopped before its body had ended.")),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return completion.Task;
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Func<IActorContext, ActorTask> body) => RunAsync<Unit>(async context =>
    {
        await body(context);
        return default;
    });

    /// <summary>Sends and awaits one answer, from plain code; see <see cref="IActorContext.Ask"/>.</summary>
    public Task<T> AskAsync<T>(IActorRef actor, object message, TimeSpan timeout)
    {
        OutsideAskRef<T> ask = new(this, actor, message, timeout);
        ask.Send();
        return ask.Answer.Task;
    }

    /// <summary>Completes when the actor is gone.</summary>
    public Task WhenTerminated(IActorRef actor) =>
        AwaitEnd(ActorCell.Of(actor) ?? throw new ArgumentException($"{actor.Path} is not an actor.", nameof(actor))).Task;

    /// <summary>Completes when every actor is gone, which is only after <see cref="StopAsync"/>, <see cref="DisposeAsync"/> or a failure of the system.</summary>
    public Task WhenTerminated() => AwaitEnd(_root).Task;

    /// <summary>Runs the callback once after the delay, on no actor's turn; for adapters of the outside world. Dispose to cancel.</summary>
    public IDisposable Schedule(TimeSpan delay, Action callback)
    {
        ScheduledCallback scheduled = new(this, callback);
        scheduled.Start(delay);
        return scheduled;
    }

    /// <summary>As <see cref="Schedule"/>, for a callback that is wanted again and again.</summary>
    public Alarm CreateAlarm(Action callback) => new CallbackAlarm(this, callback);

    /// <summary>Stops every actor gracefully, children first; what is not gone after <paramref name="grace"/> is killed and named in the log.</summary>
    /// <returns>Whether all of them stopped gracefully.</returns>
    public async Task<bool> StopAsync(TimeSpan grace)
    {
        bool graceful = true;
        Task ended = WhenTerminated();
        _root.RequestStop();
        using (Schedule(grace, KillTheRest))
        {
            await Dispatcher.LetCompleteAsync(ended);
        }

        return graceful;

        void KillTheRest()
        {
            graceful = false;
            string names = string.Join(", ", _root.Children.Select(child => child.Path));
            Log.Write(LogLevel.Warning, Name, $"Not stopped within {grace}, killed: {names}");
            _root.RequestKill();
        }
    }

    /// <summary>Stops every actor, children first, within <see cref="DefaultGrace"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(DefaultGrace);
        Dispatcher.Close();
    }

    internal int NextActorId() => Interlocked.Increment(ref _lastActorId);

    internal void CountDeadLetter(object message, IActorRef receiver)
    {
        if (_deadLetters.Add(message.GetType()))
        {
            Log.Write(LogLevel.Warning, receiver.Path, $"Dead letter: {message.GetType()} to an actor that is gone. Further ones of this type are only counted.");
        }
    }

    internal void CountUnhandled(Type actor, object message)
    {
        if (_unhandled.Add((actor, message.GetType())))
        {
            Log.Write(LogLevel.Warning, actor.Name, $"No handler for {message.GetType()}. Further ones are only counted.");
        }
    }

    internal void Fail(Exception error)
    {
        if (_failed.TrySetResult(error))
        {
            Log.Write(LogLevel.Error, Name, "The system failed: an error was escalated past the last supervisor.", error);
            _root.RequestStop();
        }
    }

    private TaskCompletionSource<Unit> AwaitEnd(ActorCell cell)
    {
        TaskCompletionSource<Unit> completion = Dispatcher.CreateCompletion<Unit>();
        cell.Enqueue(new CompletionSignal(completion));
        return completion;
    }
}
