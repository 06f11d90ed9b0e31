namespace Simulation.Kernel;

/// <summary>Stands in as the sender of one question and takes the one answer, or the timeout, whichever comes first.</summary>
internal abstract class AskRef<T>(ActorSystem system, IActorRef target, object message, TimeSpan timeout) : IActorRef, ITimerTarget
{
    private TimerHandle _timer;
    private int _answered;

    public string Name => "ask";

    public string Path => $"{target.Path}?ask={message.GetType().Name}";

    public void Tell(object answer, IActorRef? sender = null)
    {
        if (!TryClose())
        {
            system.CountDeadLetter(answer, this);
            return;
        }

        system.Dispatcher.CancelTimer(_timer);
        if (system.IsObserved)
        {
            system.Note(WorldEventKind.Told, Path, (ActorCell.Current ?? sender)?.Path, answer);
        }

        switch (answer)
        {
            case Status.Failure failure:
                SetException(failure.Cause);
                break;
            case T result:
                SetResult(result);
                break;
            default:
                SetException(new InvalidOperationException(
                    $"{target.Path} answered {message.GetType().Name} with {answer.GetType().Name}; the asker expects {typeof(T).Name}."));
                break;
        }
    }

    void ITimerTarget.OnTimer(int token)
    {
        if (TryClose())
        {
            SetException(new AskTimeoutException($"{target.Path} did not answer {message.GetType().Name} within {timeout}."));
        }
    }

    internal void Send()
    {
        if (timeout != Timeout.InfiniteTimeSpan)
        {
            _timer = system.Dispatcher.StartTimer(timeout, this, 0);
        }

        target.Tell(message, this);
    }

    protected abstract void SetResult(T result);

    protected abstract void SetException(Exception error);

    private bool TryClose() => Interlocked.Exchange(ref _answered, 1) == 0;
}

/// <summary>Asked by an actor.</summary>
internal sealed class ActorAskRef<T>(ActorSystem system, IActorRef target, object message, TimeSpan timeout)
    : AskRef<T>(system, target, message, timeout)
{
    internal Promise<T> Answer { get; } = Promise<T>.Rent();

    protected override void SetResult(T result) => Answer.TrySetResult(result);

    protected override void SetException(Exception error) => Answer.TrySetException(error);
}

/// <summary>Asked by plain code.</summary>
internal sealed class OutsideAskRef<T>(ActorSystem system, IActorRef target, object message, TimeSpan timeout)
    : AskRef<T>(system, target, message, timeout)
{
    internal TaskCompletionSource<T> Answer { get; } = system.Dispatcher.CreateCompletion<T>();

    protected override void SetResult(T result) => Answer.TrySetResult(result);

    protected override void SetException(Exception error) => Answer.TrySetException(error);
}
