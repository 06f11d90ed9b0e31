namespace Simulation.Kernel;

/// <content>Birth, restart, stop and kill.</content>
internal sealed partial class ActorCell
{
    private readonly Props _props;
    private readonly ChildList _children = new();

    private ActorBase? _actor;
    private bool _constructing;
    private CellState _state;
    private bool _stopRequested;
    private volatile bool _killed;
    private volatile bool _frozen;
    private bool _powerLost;

    private bool IsKillPending => _killed && !_powerLost && _state != CellState.Terminated;

    /// <summary>The cell whose actor is being made on this thread.</summary>
    internal static ActorCell ForConstruction()
    {
        if (Current is not { _constructing: true } cell)
        {
            throw new InvalidOperationException("Actors are made by ActorOf, from Props.");
        }

        cell._constructing = false;
        return cell;
    }

    internal ActorCell MakeChild(Props props, string name)
    {
        if (string.IsNullOrEmpty(name) || name.Contains('/'))
        {
            throw new ArgumentException($"An actor's name is not empty and has no slash: '{name}'.", nameof(name));
        }

        ActorCell child = new(System, this, name, props) { _frozen = _frozen };
        _children.Add(child);
        child.Enqueue(StartSignal.Instance);
        return child;
    }

    internal void RequestStop()
    {
        MarkAsLeaving();
        Enqueue(StopSignal.Instance);
    }

    /// <summary>From any thread. The whole family is marked at once; each member ends at the latest when its code in progress reaches an await or its end.</summary>
    internal void RequestKill()
    {
        _killed = true;
        _frozen = false;
        MarkAsLeaving();
        foreach (Child child in _children.Snapshot())
        {
            child.Cell.RequestKill();
        }

        Dispatcher.Wake(this);
    }

    /// <summary>From any thread. Code in progress goes on to its next await or its end, as with a kill.</summary>
    internal void SetFrozen(bool frozen)
    {
        _frozen = frozen;
        foreach (Child child in _children.Snapshot())
        {
            child.Cell.SetFrozen(frozen);
        }

        Dispatcher.Wake(this);
    }

    internal void OnStart()
    {
        if (_state == CellState.Running && _actor is null)
        {
            Report(WorldEventKind.Started);
            Incarnate(actor => actor.RunPreStart());
        }
    }

    internal void OnStop()
    {
        if (_state is CellState.Stopping or CellState.Terminated)
        {
            return;
        }

        _stopRequested = true;
        if (_state != CellState.Running || !_awaiting)
        {
            BeginStop();
        }
    }

    internal void OnChildGone()
    {
        if (_state == CellState.Stopping)
        {
            EndIfAlone();
        }
        else if (_state == CellState.Restarting)
        {
            PauseIfAlone();
        }
    }

    internal void OnRestart(TimeSpan pause)
    {
        if (_state != CellState.Failed)
        {
            return;
        }

        _pause = pause;
        _state = CellState.Restarting;
        ActorBase? old = _actor;
        if (old is not null)
        {
            Guarded("PreRestart", () => old.RunPreRestart(_failure!, _failedMessage));
        }

        EndIncarnation();
        PutBackStash();
        ReleaseEscalated(restart: true);
        PauseIfAlone();
    }

    internal void OnBackoffOver()
    {
        if (_state != CellState.Restarting)
        {
            return;
        }

        _state = CellState.Running;
        Exception reason = _failure!;
        _failure = null;
        _failedMessage = null;
        Report(WorldEventKind.Restarted, reason);
        Incarnate(actor => actor.RunPostRestart(reason));
    }

    /// <summary>A parent that restarts waits for us, so that its new incarnation can use the name again.</summary>
    private void MarkAsLeaving()
    {
        if (Parent?._children.Find(this) is { } record)
        {
            record.IsStopping = true;
        }
    }

    private void Incarnate(Action<ActorBase> begin)
    {
        try
        {
            _constructing = true;
            _actor = _props.Factory();
            _strategy = null;
            if (_constructing)
            {
                throw new InvalidOperationException($"The Props of {Path} must make a new actor each time.");
            }

            begin(_actor);
        }
        catch (Exception error)
        {
            Fail(error, isEscalated: false);
        }
        finally
        {
            _constructing = false;
        }

        UpdateTakesMail();
    }

    private void PauseIfAlone()
    {
        if (_children.AnyStopping)
        {
            return;
        }

        if (_pause <= TimeSpan.Zero)
        {
            OnBackoffOver();
            return;
        }

        Dispatcher.StartTimer(_pause, new BackoffOverSignal(this, Epoch), 0);
    }

    /// <summary>Awaits, loops and timers of this incarnation are over, and so is its object.</summary>
    private void EndIncarnation()
    {
        Epoch++;
        _timers?.CancelAll();
        _heldBack.Clear();
        if (_awaiting)
        {
            _handlerEnd = new HandlerEnd(this);     // what the old one waits for may still complete
            _awaiting = false;
        }

        _inHand = default;
        _actor = null;
        UpdateTakesMail();
    }

    private void BeginStop()
    {
        ActorBase? actor = _actor;
        _state = CellState.Stopping;
        EndIncarnation();
        _actor = actor;
        foreach (Child child in _children.Close())
        {
            child.Cell.RequestStop();
        }

        EndIfAlone();
    }

    private void OnKill()
    {
        Report(WorldEventKind.Killed);
        _powerLost = true;
        _state = CellState.Stopping;
        EndIncarnation();
        LoseMail();
        foreach (Child child in _children.Close())
        {
            child.Cell.RequestKill();
        }

        EndIfAlone();
    }

    private void EndIfAlone()
    {
        if (_children.Count > 0)
        {
            return;
        }

        if (_actor is { } actor)
        {
            Guarded("PostStop", actor.RunPostStop);
            Epoch++;                    // whatever PostStop has started
            _timers?.CancelAll();
            _actor = null;
        }

        _state = CellState.Terminated;
        if (_powerLost)
        {
            LoseMail();
        }
        else
        {
            Report(WorldEventKind.Stopped);
            PutBackStash();
        }

        UpdateTakesMail();
        _backPressure?.Close();
        Parent?._children.Remove(this);
        Parent?.Enqueue(ChildGoneSignal.Instance);
        TellWatchers();
    }

    private void LoseMail()
    {
        _stash.Clear();
        _front.Clear();
        while (_mail.TryDequeue(out _))
        {
            _backPressure?.Left();
        }
    }

    private void Guarded(string where, Action step)
    {
        try
        {
            step();
        }
        catch (Exception error)
        {
            System.Log.Write(LogLevel.Error, Path, $"{where} failed.", error);
        }
    }
}
