namespace Simulation.Kernel;

/// <summary>What every actor is: handlers of messages with a life cycle around them. Most derive from <see cref="ReceiveActor"/>.</summary>
public abstract class ActorBase
{
    private readonly ActorCell _cell;

    protected ActorBase() => _cell = ActorCell.ForConstruction();

    protected IActorContext Context => _cell;

    protected IActorRef Self => _cell;

    protected IActorRef? Sender => _cell.Sender;

    protected IStash Stash => _cell;

    protected ITimers Timers => _cell.Timers;

    /// <summary>What is to happen when a child fails. Read once per incarnation.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy => SupervisorStrategy.Default;

    /// <summary>Handles one message; while the task is not complete, the mailbox waits.</summary>
    protected abstract ActorTask OnReceive(object message);

    protected virtual void PreStart()
    {
    }

    /// <summary>Runs last, after the children are gone; not after a kill.</summary>
    protected virtual void PostStop()
    {
    }

    /// <summary>Runs in the old incarnation; by default stops the children and calls <see cref="PostStop"/>.</summary>
    protected virtual void PreRestart(Exception reason, object? message)
    {
        foreach (IActorRef child in Context.Children)
        {
            Context.Stop(child);
        }

        PostStop();
    }

    /// <summary>Runs in the new incarnation; by default calls <see cref="PreStart"/>.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>Nobody handled it: counted and logged once per kind.</summary>
    protected virtual void Unhandled(object message) => _cell.System.CountUnhandled(GetType(), message);

    internal SupervisorStrategy GetSupervisorStrategy() => SupervisorStrategy;

    internal ActorTask HandOver(object message) => OnReceive(message);

    internal void RunPreStart() => PreStart();

    internal void RunPostStop() => PostStop();

    internal void RunPreRestart(Exception reason, object? message) => PreRestart(reason, message);

    internal void RunPostRestart(Exception reason) => PostRestart(reason);
}
