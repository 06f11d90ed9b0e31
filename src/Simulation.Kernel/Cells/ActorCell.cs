namespace Simulation.Kernel;

/// <summary>
/// One object is an actor's reference, mailbox, context and work item. This file is its turn: signals and messages, one after another,
/// never two at once. The other parts are its life cycle, its supervision, its watches and what its actor sees of it.
/// </summary>
/// <remarks>
/// Any thread may enqueue and wake. Everything else happens in the cell's turns, which the dispatcher serialises, so fields need no lock.
/// The two worlds differ only in the dispatcher: when turns are run, and what time it is.
/// </remarks>
internal sealed partial class ActorCell : IActorRef, IThreadPoolWorkItem
{
    private readonly MessageQueue<Signal> _signals;
    private readonly MessageQueue<Envelope> _mail;
    private readonly BackPressure? _backPressure;
    private readonly TraceHash? _trace;

    private HandlerEnd _handlerEnd;
    private Envelope _inHand;
    private bool _awaiting;
    private bool _signalHadTheLastTurn;
    private volatile bool _takesMail = true;

    internal ActorCell(ActorSystem system, ActorCell? parent, string name, Props props)
    {
        System = system;
        Dispatcher = system.Dispatcher;
        Parent = parent;
        Name = name;
        Path = parent is null ? "/" : parent.Parent is null ? $"/{name}" : $"{parent.Path}/{name}";
        Id = system.NextActorId();
        _props = props;
        _signals = Dispatcher.CreateQueue<Signal>();
        _mail = Dispatcher.CreateQueue<Envelope>();
        _backPressure = props.MailboxCapacity is { } capacity ? new BackPressure(capacity) : null;
        _trace = Dispatcher.Trace;
        _handlerEnd = new HandlerEnd(this);
    }

    /// <summary>The cell whose turn runs on this thread.</summary>
    internal static ActorCell? Current => Turn.OfThisThread.Cell;

    public ActorSystem System { get; }

    public string Name { get; }

    public string Path { get; }

    internal Dispatcher Dispatcher { get; }

    internal ActorCell? Parent { get; }

    internal int Id { get; }

    /// <summary>Grows when an incarnation ends; continuations of earlier epochs are dropped.</summary>
    internal int Epoch { get; private set; }

    /// <summary>Whether a turn is due or running. The dispatcher's own.</summary>
    internal int Scheduled;

    /// <summary>False while messages have to wait, so that they wake nobody. Signals always do.</summary>
    internal bool TakesMail => _takesMail;

    /// <summary>Whether a turn would find something to do.</summary>
    internal bool HasWork =>
        IsKillPending || (!_frozen && (!_signals.IsEmpty || (_takesMail && (_front.Count > 0 || !_mail.IsEmpty))));

    public void Tell(object message, IActorRef? sender = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (Dispatcher.Observer is { } observer)
        {
            ReportTold(observer, message, sender);
        }

        _backPressure?.Entered();
        _mail.Enqueue(new Envelope(message, sender));
        Dispatcher.WakeForMail(this);
    }

    public override string ToString() => Path;

    internal static ActorCell RequireCurrent() => Current ?? throw new InvalidOperationException(
        "An ActorTask can be awaited only inside an actor's turn. From plain code, enter with ActorSystem.RunAsync or AskAsync.");

    internal static ActorCell? Of(IActorRef actor) => actor switch
    {
        ActorCell cell => cell,
        IActorRefWrapper wrapper => Of(wrapper.Actor),
        _ => null,
    };

    internal void Enqueue(Signal signal)
    {
        _signals.Enqueue(signal);
        Dispatcher.Wake(this);
    }

    void IThreadPoolWorkItem.Execute() => ((RealDispatcher)Dispatcher).Execute(this);

    /// <summary>Handles up to <paramref name="budget"/> signals and messages. The dispatcher lets no two turns of a cell overlap.</summary>
    /// <returns>Whether the budget is spent, so that there may be more to do.</returns>
    internal bool RunTurn(int budget)
    {
        Turn turn = Turn.OfThisThread;
        ActorCell? outer = turn.Cell;
        turn.Cell = this;
        try
        {
            while (budget-- > 0)
            {
                if (!TryRunOne())
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            turn.Cell = outer;
        }
    }

    /// <summary>Handles one signal or message, in a turn that the caller has begun.</summary>
    internal bool TryRunOne()
    {
        if (IsKillPending)
        {
            OnKill();
        }

        return !_frozen && TakeOne();
    }

    /// <summary>The continuation's epoch is current: resume it, or keep it until the supervisor has decided.</summary>
    internal void Resume(Continuation continuation)
    {
        if (_state == CellState.Failed)
        {
            _heldBack.Enqueue(continuation);
            return;
        }

        Report(WorldEventKind.Resumed);

        continuation.Resume();
    }

    /// <summary>A signal and a message take turns, so that neither a chatty loop nor a full mailbox starves the other.</summary>
    private bool TakeOne()
    {
        if (_signalHadTheLastTurn)
        {
            _signalHadTheLastTurn = false;
            return TakeMessage() || TakeSignal();
        }

        return TakeSignal() || TakeMessage();
    }

    private bool TakeSignal()
    {
        if (!_signals.TryDequeue(out Signal signal))
        {
            return false;
        }

        _signalHadTheLastTurn = true;
        _trace?.AddSignal(Id);
        signal.Deliver(this);
        return true;
    }

    private bool TakeMessage()
    {
        if (!_takesMail || !TryDequeue(out Envelope envelope))
        {
            return false;
        }

        _trace?.AddMessage(Id, envelope.Message is ActorTimer tick ? tick.Message : envelope.Message);
        if (_state == CellState.Terminated)
        {
            if (envelope.Message is not (ActorTimer or EndNotice))
            {
                System.CountDeadLetter(envelope.Message, this);
            }
        }
        else if (TryOpen(ref envelope))
        {
            if (Dispatcher.Observer is { } observer)
            {
                Report(observer, WorldEventKind.Handled, envelope.Message, envelope.Sender);
            }

            Handle(envelope);
        }

        return true;
    }

    private bool TryDequeue(out Envelope envelope)
    {
        if (_front.Count > 0)
        {
            envelope = _front.Dequeue();
            return true;
        }

        if (!_mail.TryDequeue(out envelope))
        {
            return false;
        }

        _backPressure?.Left();
        return true;
    }

    /// <summary>The kernel's own messages: a timer's tick and a notice of an end become what the actor asked to be told, unless it has changed its mind.</summary>
    private bool TryOpen(ref Envelope envelope)
    {
        if (envelope.Message is ActorTimer timer)
        {
            envelope = new Envelope(timer.Message, this);
            return _timers!.Accept(timer);
        }

        if (envelope.Message is EndNotice notice)
        {
            return TryOpen(notice, ref envelope);
        }

        return true;
    }

    private void Handle(in Envelope envelope)
    {
        _inHand = envelope;
        _inHandIsStashed = false;
        try
        {
            ActorTask task = _actor!.HandOver(envelope.Message);
            if (!task.IsCompleted)
            {
                _awaiting = true;
                UpdateTakesMail();
                _handlerEnd.WaitFor(task);
                return;
            }

            task.Take();
        }
        catch (Exception error)
        {
            Fail(error, isEscalated: false);
        }

        _inHand = default;
    }

    private void OnHandlerEnd(ActorTask task)
    {
        try
        {
            task.Take();
        }
        catch (Exception error)
        {
            Fail(error, isEscalated: false);
        }

        _awaiting = false;
        _inHand = default;
        UpdateTakesMail();
        if (_stopRequested && _state == CellState.Running)
        {
            BeginStop();
        }
    }

    private void UpdateTakesMail() =>
        _takesMail = (_state == CellState.Running && _actor is not null && !_awaiting) || _state == CellState.Terminated;

    /// <summary>Continues a cell after its handler's awaits. One per incarnation: there is one message in hand at a time.</summary>
    private sealed class HandlerEnd(ActorCell cell) : Continuation
    {
        private ActorTask _task;

        internal void WaitFor(ActorTask task)
        {
            BindTo(cell);
            _task = task;
            task.Attach(this);
        }

        internal override void Resume()
        {
            ActorTask task = _task;
            _task = default;
            cell.OnHandlerEnd(task);
        }
    }
}
