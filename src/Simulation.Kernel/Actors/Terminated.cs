namespace Simulation.Kernel;

/// <summary>The watched actor is gone.</summary>
public sealed record Terminated(IActorRef ActorRef);
