namespace Simulation.Kernel;

/// <summary>The parent of all: restarts top-level actors that fail, up to the default limit. What is escalated to it fails the system.</summary>
internal sealed class RootGuardian : ActorBase
{
    protected override ActorTask OnReceive(object message)
    {
        Context.System.CountDeadLetter(message, Self);
        return ActorTask.CompletedTask;
    }
}
