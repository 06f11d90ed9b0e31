namespace Simulation.Kernel;

/// <summary>A handle to an actor: tell it something, from any thread in the real world.</summary>
public interface IActorRef
{
    /// <summary>For example <c>/coordinator/workers/worker-42</c>.</summary>
    string Path { get; }

    string Name { get; }

    /// <summary>Puts the message into the actor's mailbox. Never waits, never throws because of the actor's state.</summary>
    void Tell(object message, IActorRef? sender = null);
}
