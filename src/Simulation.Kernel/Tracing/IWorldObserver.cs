namespace Simulation.Kernel;

/// <summary>Told everything that happens in a virtual world, in its order, on the world's own thread. It must not touch the world.</summary>
/// <seealso cref="VirtualDispatcher.Observe"/>
public interface IWorldObserver
{
    void OnEvent(in WorldEvent worldEvent);
}
