namespace Simulation.Kernel;

/// <summary>
/// An actor made of typed handlers, tried in the order of their registration. A phase is a method that registers handlers, entered with
/// <see cref="Become"/>.
/// </summary>
public abstract class ReceiveActor : ActorBase
{
    private readonly Stack<Behavior> _behaviors = new();
    private Behavior _current = new();

    /// <summary>The one that takes registrations now; null outside of the constructor, PreStart and a phase's method.</summary>
    private Behavior? _open;

    protected ReceiveActor() => _open = _current;

    protected void Receive<T>(Action<T> handler) => Register(new ActionHandler<T>(null, handler));

    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Register(new ActionHandler<T>(shouldHandle, handler));

    /// <summary>While the handler awaits, the mailbox waits; spawned loops go on.</summary>
    protected void ReceiveAsync<T>(Func<T, ActorTask> handler) => Register(new AsyncHandler<T>(handler));

    protected void ReceiveAny(Action<object> handler) => Register(new ActionHandler<object>(null, handler));

    /// <summary>Replaces the handlers, from the next message on.</summary>
    protected void Become(Action configure) => _current = Configure(configure);

    /// <summary>As <see cref="Become"/>, and <see cref="UnbecomeStacked"/> returns to the handlers of now.</summary>
    protected void BecomeStacked(Action configure)
    {
        Behavior next = Configure(configure);
        _behaviors.Push(_current);
        _current = next;
    }

    /// <summary>Returns to the handlers before the last <see cref="BecomeStacked"/>; nothing if there was none.</summary>
    protected void UnbecomeStacked()
    {
        if (_behaviors.TryPop(out Behavior? previous))
        {
            _current = previous;
        }
    }

    protected override ActorTask OnReceive(object message)
    {
        _open = null;
        if (_current.TryHandle(message, out ActorTask task))
        {
            return task;
        }

        Unhandled(message);
        return ActorTask.CompletedTask;
    }

    private Behavior Configure(Action configure)
    {
        Behavior? before = _open;
        Behavior next = new();
        _open = next;
        try
        {
            configure();
        }
        finally
        {
            _open = before;
        }

        return next;
    }

    private void Register(Handler handler) => (_open ?? throw new InvalidOperationException(
        $"{GetType().Name}: register handlers in the constructor or in a method given to Become.")).Add(handler);
}
