namespace Simulation.Kernel;

internal sealed class WatchSignal(ActorCell watcher) : Signal
{
    internal override void Deliver(ActorCell cell) => cell.OnWatch(watcher);
}

internal sealed class UnwatchSignal(ActorCell watcher) : Signal
{
    internal override void Deliver(ActorCell cell) => cell.OnUnwatch(watcher);
}

/// <summary>Plain code waits for the cell's end.</summary>
internal sealed class CompletionSignal(TaskCompletionSource<Unit> completion) : Signal
{
    internal override void Deliver(ActorCell cell) => cell.OnAwaitedEnd(completion);
}

/// <summary>Tells a watcher of a cell's end. It travels as a message, behind what the dead cell told the watcher before.</summary>
internal sealed class EndNotice(ActorCell cell)
{
    internal ActorCell Cell => cell;
}
