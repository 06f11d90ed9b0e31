namespace Simulation.Kernel;

/// <content>What an observer of the world is told about the cell.</content>
internal sealed partial class ActorCell
{
    internal void Report(WorldEventKind kind, object? subject = null)
    {
        if (Dispatcher.Observer is { } observer)
        {
            Report(observer, kind, subject, null);
        }
    }

    private void Report(IWorldObserver observer, WorldEventKind kind, object? subject, IActorRef? sender) =>
        observer.OnEvent(new WorldEvent(Uptime, kind, Path, sender?.Path, subject));

    /// <summary>Whose turn it is has told it, whatever sender it names. The kernel's own messages show when they are handled.</summary>
    private void ReportTold(IWorldObserver observer, object message, IActorRef? sender)
    {
        if (message is not (ActorTimer or EndNotice))
        {
            Report(observer, WorldEventKind.Told, message, Current ?? sender);
        }
    }
}
