namespace Simulation.Kernel;

/// <summary>A reference that stands before a real actor (a test probe), so that it can be watched and stopped like one.</summary>
internal interface IActorRefWrapper
{
    IActorRef Actor { get; }
}
