namespace Simulation.Kernel;

/// <summary>A plain <c>async Task</c> method inside an actor awaits an <see cref="ActorTask"/>: it too goes on only in the actor's turn.</summary>
internal sealed class ActionContinuation : Continuation
{
    private readonly Action _action;

    internal ActionContinuation(Action action)
    {
        _action = action;
        BindTo(ActorCell.RequireCurrent());
    }

    internal override void Resume() => _action();
}
