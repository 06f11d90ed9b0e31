namespace Simulation.Kernel;

/// <content>Failing, and deciding about children that failed.</content>
internal sealed partial class ActorCell
{
    private readonly Queue<Continuation> _heldBack = new();
    private SupervisorStrategy? _strategy;
    private Exception? _failure;
    private object? _failedMessage;
    private TimeSpan _pause;

    /// <summary>The actor has failed: everything waits until its supervisor has decided.</summary>
    internal void Fail(Exception error, bool isEscalated)
    {
        if (_state != CellState.Running || _killed)
        {
            System.Log.Write(LogLevel.Warning, Path, "Failed again before the first failure was dealt with, or while stopping.", error);
            return;
        }

        if (_stopRequested)
        {
            System.Log.Write(LogLevel.Error, Path, "Failed with the message in hand when it was to stop.", error);
            return;
        }

        _state = CellState.Failed;
        _failure = error;
        _failedMessage = _inHand.Message;
        UpdateTakesMail();
        Report(WorldEventKind.Failed, error);
        if (Parent is null)
        {
            System.Fail(error);
        }
        else
        {
            Parent.Enqueue(new ChildFailedSignal(this, error, isEscalated));
        }
    }

    internal void OnChildFailed(ActorCell child, Exception error, bool isEscalated)
    {
        if (_state is CellState.Stopping or CellState.Terminated || _children.Find(child) is not { } record)
        {
            return;
        }

        // Nobody below knew what to do, and the root has no opinion of its own.
        if (Parent is null && isEscalated)
        {
            System.Fail(error);
            return;
        }

        Directive directive;
        try
        {
            directive = Strategy.Decide(error);
        }
        catch (Exception deciderError)
        {
            error = new AggregateException($"The supervisor of {child.Path} could not decide.", error, deciderError);
            directive = Directive.Escalate;
        }

        Carry(directive, record, error);
    }

    internal void OnResume()
    {
        if (_state != CellState.Failed)
        {
            return;
        }

        _state = CellState.Running;
        _failure = null;
        _failedMessage = null;
        UpdateTakesMail();
        while (_heldBack.TryDequeue(out Continuation? continuation))
        {
            _signals.Enqueue(continuation);
        }

        ReleaseEscalated(restart: false);
        if (_actor is null)
        {
            Enqueue(StartSignal.Instance);      // it had failed to start
        }
    }

    private SupervisorStrategy Strategy => _strategy ??= _actor?.GetSupervisorStrategy() ?? SupervisorStrategy.Default;

    private void Carry(Directive directive, Child record, Exception error)
    {
        ActorCell child = record.Cell;
        switch (directive)
        {
            case Directive.Resume:
                System.Log.Write(LogLevel.Warning, child.Path, "Failed; goes on.", error);
                child.Enqueue(ResumeSignal.Instance);
                break;
            case Directive.Restart when Strategy.PauseBeforeRestart(record.Failures, Uptime, _backoffRandom ??= System.Stream($"{Path}#backoff")) is { } pause:
                System.Log.Write(LogLevel.Warning, child.Path, pause > TimeSpan.Zero ? $"Failed; restarts in {pause.TotalSeconds:F3} s." : "Failed; restarts.", error);
                child.Enqueue(new RestartSignal(pause));
                break;
            case Directive.Restart:
                System.Log.Write(LogLevel.Error, child.Path, "Failed too often; stops.", error);
                child.RequestStop();
                break;
            case Directive.Stop:
                System.Log.Write(LogLevel.Error, child.Path, "Failed; stops.", error);
                child.RequestStop();
                break;
            case Directive.Escalate when _state == CellState.Restarting:
                child.Enqueue(new RestartSignal(TimeSpan.Zero));      // we are being restarted already
                break;
            default:
                record.IsEscalated = true;
                Fail(error, isEscalated: true);
                break;
        }
    }

    /// <summary>Children whose failure was passed upward share the directive that came back, if they are still here.</summary>
    private void ReleaseEscalated(bool restart)
    {
        foreach (Child child in _children.Snapshot())
        {
            if (child.IsEscalated && !child.IsStopping)
            {
                child.Cell.Enqueue(restart ? new RestartSignal(TimeSpan.Zero) : ResumeSignal.Instance);
            }

            child.IsEscalated = false;
        }
    }
}
