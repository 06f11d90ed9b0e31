namespace Simulation.Kernel;

internal sealed class StartSignal : Signal
{
    internal static readonly StartSignal Instance = new();

    internal override void Deliver(ActorCell cell) => cell.OnStart();
}

internal sealed class StopSignal : Signal
{
    internal static readonly StopSignal Instance = new();

    internal override void Deliver(ActorCell cell) => cell.OnStop();
}

internal sealed class ChildGoneSignal : Signal
{
    internal static readonly ChildGoneSignal Instance = new();

    internal override void Deliver(ActorCell cell) => cell.OnChildGone();
}

/// <param name="Child">Who failed, and now waits for a directive.</param>
/// <param name="Error">With what.</param>
/// <param name="IsEscalated">Whether the child passes on a failure of its own child.</param>
internal sealed class ChildFailedSignal(ActorCell child, Exception error, bool isEscalated) : Signal
{
    internal override void Deliver(ActorCell cell) => cell.OnChildFailed(child, error, isEscalated);
}

internal sealed class ResumeSignal : Signal
{
    internal static readonly ResumeSignal Instance = new();

    internal override void Deliver(ActorCell cell) => cell.OnResume();
}

internal sealed class RestartSignal(TimeSpan pause) : Signal
{
    internal override void Deliver(ActorCell cell) => cell.OnRestart(pause);
}

/// <summary>The pause before a restart is over; a timer calls it, and it travels to the cell.</summary>
internal sealed class BackoffOverSignal(ActorCell cell, int epoch) : Signal, ITimerTarget
{
    void ITimerTarget.OnTimer(int token) => cell.Enqueue(this);

    internal override void Deliver(ActorCell target)
    {
        if (target.Epoch == epoch)
        {
            target.OnBackoffOver();
        }
    }
}
