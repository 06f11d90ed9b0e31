namespace Simulation.Kernel;

/// <summary>A world's scheduling and time. One dispatcher serves one system.</summary>
public abstract class Dispatcher
{
    private protected Dispatcher()
    {
    }

    internal abstract bool IsVirtual { get; }

    internal abstract DateTimeOffset Now { get; }

    internal abstract TimeSpan Uptime { get; }

    /// <summary>Null in the real world.</summary>
    internal virtual TraceHash? Trace => null;

    /// <summary>Null while nobody watches, and always in the real world.</summary>
    internal IWorldObserver? Observer { get; private protected set; }

    /// <summary>Null in the real world, where what is rare happens by itself.</summary>
    internal virtual Buggifier? Buggifier => null;

    private protected ActorSystem? System { get; private set; }

    /// <summary>See <see cref="IActorContext.IsPlanted"/>.</summary>
    internal virtual bool IsPlanted(string bug) => false;

    internal abstract MessageQueue<T> CreateQueue<T>();

    /// <summary>A bridge to plain code that waits for this world.</summary>
    internal abstract TaskCompletionSource<T> CreateCompletion<T>();

    /// <summary>The cell has a new signal: it needs a turn, unless one is due already.</summary>
    internal abstract void Wake(ActorCell cell);

    /// <summary>The cell has a new message: it needs a turn, unless one is due already or its messages have to wait.</summary>
    internal abstract void WakeForMail(ActorCell cell);

    /// <summary>Calls the target once after the delay; a negative delay counts as zero.</summary>
    internal abstract TimerHandle StartTimer(TimeSpan delay, ITimerTarget target, int token);

    internal abstract void CancelTimer(TimerHandle timer);

    /// <summary>The system has ended: free what this world holds.</summary>
    internal abstract void Close();

    /// <summary>Lets the world go on until the task is complete: by waiting in the real one, by running the loop in the virtual one.</summary>
    internal abstract ValueTask LetCompleteAsync(Task task);

    internal void Attach(ActorSystem system) =>
        System = System is null ? system : throw new InvalidOperationException("A dispatcher serves one system; create another one.");
}
