namespace Simulation.Kernel;

/// <summary>Where messages go that nobody will handle.</summary>
internal sealed class DeadLetterRef(ActorSystem system) : IActorRef
{
    public string Path => "/dead-letters";

    public string Name => "dead-letters";

    public void Tell(object message, IActorRef? sender = null) => system.CountDeadLetter(message, this);
}
