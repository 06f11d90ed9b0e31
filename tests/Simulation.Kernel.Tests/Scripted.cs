namespace Simulation.Kernel.Tests;

/// <summary>An actor whose handlers and hooks a test writes in place.</summary>
internal sealed class Scripted : ReceiveActor
{
    public Scripted(Action<Scripted> script) => script(this);

    public Action? OnStarted { get; set; }

    public Action? OnStopped { get; set; }

    /// <summary>In place of the default, which stops the children and calls the stop hook.</summary>
    public Action<Exception, object?>? OnRestarting { get; set; }

    public Action<Exception>? OnRestarted { get; set; }

    public SupervisorStrategy Supervision { get; set; } = SupervisorStrategy.Default;

    public new IActorContext Context => base.Context;

    public new IActorRef Self => base.Self;

    public new IActorRef? Sender => base.Sender;

    public new IStash Stash => base.Stash;

    public new ITimers Timers => base.Timers;

    protected override SupervisorStrategy SupervisorStrategy => Supervision;

    public static Props Props(Action<Scripted> script) => Kernel.Props.Create(() => new Scripted(script));

    public void On<T>(Action<T> handler) => Receive(handler);

    public void OnIf<T>(Predicate<T> condition, Action<T> handler) => Receive(condition, handler);

    public void OnAsync<T>(Func<T, ActorTask> handler) => ReceiveAsync(handler);

    public void OnAny(Action<object> handler) => ReceiveAny(handler);

    public void Enter(Action phase) => Become(phase);

    public void EnterStacked(Action phase) => BecomeStacked(phase);

    public void Leave() => UnbecomeStacked();

    protected override void PreStart() => OnStarted?.Invoke();

    protected override void PostStop() => OnStopped?.Invoke();

    protected override void PreRestart(Exception reason, object? message)
    {
        if (OnRestarting is null)
        {
            base.PreRestart(reason, message);
        }
        else
        {
            OnRestarting(reason, message);
        }
    }

    protected override void PostRestart(Exception reason)
    {
        OnRestarted?.Invoke(reason);
        base.PostRestart(reason);
    }
}
