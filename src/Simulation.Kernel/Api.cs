namespace Simulation.Kernel;

/// <summary>A handle to an actor: tell it something, from any thread in the real world.</summary>
public interface IActorRef
{
    /// <summary>For example <c>/coordinator/workers/worker-42</c>.</summary>
    string Path { get; }

    string Name { get; }

    void Tell(object message, IActorRef? sender = null);
}

/// <summary>How to make an actor, and again after a restart.</summary>
public sealed record Props(Func<ActorBase> Factory)
{
    public static Props Create(Func<ActorBase> factory) => new(factory);

    /// <summary>Messages that may wait before <see cref="IActorContext.TellAsync"/> holds its sender back; null for no bound.</summary>
    public int? MailboxCapacity { get; init; }

    public Props WithMailboxCapacity(int capacity) => this with { MailboxCapacity = capacity };
}

/// <summary>What an actor may use of the world. Valid only inside the actor's own turns.</summary>
public interface IActorContext
{
    ActorSystem System { get; }

    IActorRef Self { get; }

    /// <summary>Who sent the message in hand; null for none.</summary>
    IActorRef? Sender { get; }

    IActorRef? Parent { get; }

    IReadOnlyCollection<IActorRef> Children { get; }

    IActorRef? Child(string name);

    /// <summary>The wall clock of the world; never steps back within a run.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Time since the system started, monotonic.</summary>
    TimeSpan Uptime { get; }

    /// <summary>This actor's own stream of chance, derived from the seed and the actor's path.</summary>
    RandomStream Random { get; }

    ITimers Timers { get; }

    IActorRef ActorOf(Props props, string name);

    /// <summary>Graceful: the message in hand finishes, children stop first, then <see cref="ActorBase.PostStop"/> runs.</summary>
    void Stop(IActorRef actor);

    /// <summary>Power loss for the actor and its children: mailbox cleared, continuations dropped, no clean-up code runs.</summary>
    void Kill(IActorRef actor);

    /// <summary>Tell me <see cref="Terminated"/> when it is gone, by whatever cause.</summary>
    void Watch(IActorRef actor);

    /// <summary>Tell me this message instead of <see cref="Terminated"/>.</summary>
    void WatchWith(IActorRef actor, object message);

    void Unwatch(IActorRef actor);

    ActorTask Delay(TimeSpan delay);

    /// <summary>Sends and awaits one answer; throws <see cref="AskTimeoutException"/>. An answer of type <see cref="Status.Failure"/> throws its cause.</summary>
    ActorTask<T> Ask<T>(IActorRef actor, object message, TimeSpan timeout);

    /// <summary>Tells, and waits while the receiver's bounded mailbox is full.</summary>
    ActorTask TellAsync(IActorRef actor, object message);

    /// <summary>
    /// Starts a loop inside this actor, interleaved with its messages at awaits (never in parallel). A failure of it is a failure of
    /// the actor. It is abandoned when the actor stops, restarts or is killed: code after its current await does not run.
    /// </summary>
    void Spawn(Func<ActorTask> loop);
}

/// <summary>Named timers of one actor; all are cancelled when it stops, restarts or is killed.</summary>
public interface ITimers
{
    void StartSingleTimer(object key, object message, TimeSpan delay);

    void StartPeriodicTimer(object key, object message, TimeSpan interval);

    void StartPeriodicTimer(object key, object message, TimeSpan initialDelay, TimeSpan interval);

    bool IsTimerActive(object key);

    void Cancel(object key);

    void CancelAll();
}

public interface IStash
{
    /// <summary>Sets the message in hand aside.</summary>
    void Stash();

    void Unstash();

    /// <summary>Puts everything that was set aside back at the head of the mailbox, oldest first.</summary>
    void UnstashAll();
}

public abstract class ActorBase
{
    protected IActorContext Context => throw new NotImplementedException();

    protected IActorRef Self => Context.Self;

    protected IActorRef? Sender => Context.Sender;

    protected IStash Stash => throw new NotImplementedException();

    protected ITimers Timers => Context.Timers;

    protected virtual SupervisorStrategy SupervisorStrategy => SupervisorStrategy.Default;

    protected virtual void PreStart() { }

    protected virtual void PostStop() { }

    /// <summary>Runs in the old incarnation; by default stops the children and calls <see cref="PostStop"/>.</summary>
    protected virtual void PreRestart(Exception reason, object? message) { }

    /// <summary>Runs in the new incarnation; by default calls <see cref="PreStart"/>.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>Nobody handled it: counted and logged once per kind.</summary>
    protected virtual void Unhandled(object message) { }
}

/// <summary>An actor made of typed handlers. A phase is a method that registers handlers, entered with <see cref="Become"/>.</summary>
public abstract class ReceiveActor : ActorBase
{
    protected void Receive<T>(Action<T> handler) => throw new NotImplementedException();

    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => throw new NotImplementedException();

    /// <summary>While the handler awaits, the mailbox waits; spawned loops go on.</summary>
    protected void ReceiveAsync<T>(Func<T, ActorTask> handler) => throw new NotImplementedException();

    protected void ReceiveAny(Action<object> handler) => throw new NotImplementedException();

    protected void Become(Action configure) => throw new NotImplementedException();

    protected void BecomeStacked(Action configure) => throw new NotImplementedException();

    protected void UnbecomeStacked() => throw new NotImplementedException();
}

public enum Directive { Resume, Restart, Stop, Escalate }

public abstract record SupervisorStrategy
{
    public static SupervisorStrategy Default { get; } = new OneForOneStrategy(_ => Directive.Restart);
}

/// <summary>Decides for the failed child alone; gives up (stops it) after more than <paramref name="MaxRetries"/> failures within <paramref name="Within"/>.</summary>
public sealed record OneForOneStrategy(Func<Exception, Directive> Decider, int MaxRetries = 10, TimeSpan? Within = null) : SupervisorStrategy
{
    /// <summary>Pause before the first restart; doubles to <see cref="MaxBackoff"/>, with jitter. Zero restarts at once.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.Zero;

    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>The watched actor is gone.</summary>
public sealed record Terminated(IActorRef ActorRef);

public static class Status
{
    /// <summary>Answers an Ask with an error.</summary>
    public sealed record Failure(Exception Cause);
}

public sealed class AskTimeoutException(string message) : TimeoutException(message);

/// <summary>Chooses the world. <c>Dispatchers.Real()</c>: thread pool and wall clock. <c>Dispatchers.Virtual(seed)</c>: one thread, virtual time.</summary>
public static class Dispatchers
{
    public static Dispatcher Real() => throw new NotImplementedException();
}

public abstract class Dispatcher;

public sealed class ActorSystem : IAsyncDisposable
{
    public static ActorSystem Create(string name, Dispatcher dispatcher, ulong seed, IKernelLog? log = null) => throw new NotImplementedException();

    public string Name => throw new NotImplementedException();

    public ulong Seed => throw new NotImplementedException();

    public DateTimeOffset Now => throw new NotImplementedException();

    public TimeSpan Uptime => throw new NotImplementedException();

    public bool IsVirtual => throw new NotImplementedException();

    public IKernelLog Log => throw new NotImplementedException();

    public long DeadLetterCount => throw new NotImplementedException();

    public IActorRef DeadLetters => throw new NotImplementedException();

    /// <summary>A stream of chance of its own for a named thing, derived from the seed.</summary>
    public RandomStream Stream(string name) => throw new NotImplementedException();

    public IActorRef ActorOf(Props props, string name) => throw new NotImplementedException();

    public void Stop(IActorRef actor) => throw new NotImplementedException();

    public void Kill(IActorRef actor) => throw new NotImplementedException();

    /// <summary>Bridge from plain code (Main, tests) into the world: runs the body inside a temporary actor. Real world only.</summary>
    public Task<T> RunAsync<T>(Func<IActorContext, ActorTask<T>> body) => throw new NotImplementedException();

    public Task RunAsync(Func<IActorContext, ActorTask> body) => throw new NotImplementedException();

    public Task<T> AskAsync<T>(IActorRef actor, object message, TimeSpan timeout) => throw new NotImplementedException();

    /// <summary>Completes when the actor is gone.</summary>
    public Task WhenTerminated(IActorRef actor) => throw new NotImplementedException();

    /// <summary>Runs the callback once after the delay, on no actor's turn; for adapters of the outside world. Dispose to cancel.</summary>
    public IDisposable Schedule(TimeSpan delay, Action callback) => throw new NotImplementedException();

    /// <summary>Stops every actor, children first.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

/// <summary>Where the kernel and its actors write what people may read. Host composes the sink.</summary>
public interface IKernelLog
{
    void Write(LogLevel level, string source, string message, Exception? error = null);
}

public enum LogLevel { Debug, Info, Warning, Error }

/// <summary>xoshiro256**, one instance per named thing.</summary>
public sealed class RandomStream
{
    public static RandomStream Derive(ulong seed, string name) => throw new NotImplementedException();

    public ulong NextUInt64() => throw new NotImplementedException();

    /// <summary>0 to <paramref name="exclusiveMax"/> - 1.</summary>
    public int Next(int exclusiveMax) => throw new NotImplementedException();

    public double NextDouble() => throw new NotImplementedException();

    public TimeSpan Uniform(TimeSpan min, TimeSpan max) => throw new NotImplementedException();

    public TimeSpan Exponential(TimeSpan mean) => throw new NotImplementedException();

    public void Shuffle<T>(Span<T> items) => throw new NotImplementedException();
}
