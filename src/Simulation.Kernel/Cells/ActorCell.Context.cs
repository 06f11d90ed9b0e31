namespace Simulation.Kernel;

/// <content>What its actor sees of the cell.</content>
internal sealed partial class ActorCell : IActorContext, IStash
{
    private readonly Queue<Envelope> _stash = new();

    /// <summary>Messages to be handled before the mailbox: what was unstashed.</summary>
    private readonly Queue<Envelope> _front = new();

    private ActorTimers? _timers;
    private RandomStream? _random;
    private RandomStream? _backoffRandom;
    private bool _inHandIsStashed;

    public IActorRef Self => this;

    public IActorRef? Sender => _inHand.Sender;

    IActorRef? IActorContext.Parent => Parent;

    public IReadOnlyCollection<IActorRef> Children => Array.ConvertAll(_children.Snapshot(), child => (IActorRef)child.Cell);

    public DateTimeOffset Now => Dispatcher.Now;

    public TimeSpan Uptime => Dispatcher.Uptime;

    public RandomStream Random => _random ??= System.Stream(Path);

    public ITimers Timers => _timers ??= new ActorTimers(this);

    int IStash.Count => _stash.Count;

    public IActorRef? Child(string name) => _children.Find(name)?.Cell;

    public IActorRef ActorOf(Props props, string name)
    {
        RequireTurn();
        return MakeChild(props, name);
    }

    public void Stop(IActorRef actor) => RequireCell(actor).RequestStop();

    public void Kill(IActorRef actor) => RequireCell(actor).RequestKill();

    public void Freeze(IActorRef actor) => RequireCell(actor).SetFrozen(true);

    public void Thaw(IActorRef actor) => RequireCell(actor).SetFrozen(false);

    public void Watch(IActorRef actor) => StartWatching(actor, new Terminated(actor));

    public void WatchWith(IActorRef actor, object message) => StartWatching(actor, message);

    public void Unwatch(IActorRef actor) => StopWatching(actor);

    public ActorTask Delay(TimeSpan delay)
    {
        RequireTurn();
        PromiseSource<Unit> source = PromiseSource<Unit>.Rent();
        ActorTask<Unit> task = new(source, source.Token);
        Dispatcher.StartTimer(delay, source, source.Token);
        return task;
    }

    public ActorTask<T> Ask<T>(IActorRef actor, object message, TimeSpan timeout)
    {
        RequireTurn();
        ActorAskRef<T> ask = new(System, actor, message, timeout);
        ActorTask<T> answer = ask.Answer.Task;
        ask.Send();
        return answer;
    }

    public ActorTask TellAsync(IActorRef actor, object message)
    {
        RequireTurn();
        actor.Tell(message, this);
        return Of(actor)?._backPressure?.WaitForRoom() ?? ActorTask.CompletedTask;
    }

    public void Spawn(Func<ActorTask> loop) => Spawn(static loop => loop(), loop);

    public void Spawn<TState>(Func<TState, ActorTask> loop, TState state)
    {
        RequireTurn();
        ActorTask task;
        try
        {
            task = loop(state);
        }
        catch (Exception error)
        {
            Fail(error, isEscalated: false);
            return;
        }

        SpawnedLoop.Follow(this, task);
    }

    void IStash.Stash()
    {
        RequireTurn();
        if (_inHand.Message is null || _inHandIsStashed)
        {
            throw new InvalidOperationException(_inHandIsStashed ? "The message in hand was stashed already." : "There is no message in hand to stash.");
        }

        _inHandIsStashed = true;
        _stash.Enqueue(_inHand);
    }

    public void Unstash()
    {
        RequireTurn();
        if (_stash.TryDequeue(out Envelope oldest))
        {
            int before = _front.Count;
            _front.Enqueue(oldest);
            for (; before > 0; before--)
            {
                _front.Enqueue(_front.Dequeue());
            }
        }
    }

    public void UnstashAll()
    {
        RequireTurn();
        PutBackStash();
    }

    /// <summary>Throws outside of this actor's own turn: a context that has leaked into a callback or another actor is a race.</summary>
    internal void RequireTurn()
    {
        if (!ReferenceEquals(Current, this))
        {
            throw new InvalidOperationException($"The context of {Path} was used outside of its own turn. Tell it a message instead.");
        }
    }

    private static ActorCell RequireCell(IActorRef actor) =>
        Of(actor) ?? throw new ArgumentException($"{actor.Path} is not an actor: it cannot be watched or stopped.", nameof(actor));

    private void PutBackStash()
    {
        for (int waiting = _front.Count; waiting > 0; waiting--)
        {
            _stash.Enqueue(_front.Dequeue());
        }

        while (_stash.TryDequeue(out Envelope envelope))
        {
            _front.Enqueue(envelope);
        }
    }
}
