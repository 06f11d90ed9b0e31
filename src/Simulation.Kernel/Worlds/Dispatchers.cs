namespace Simulation.Kernel;

/// <summary>Chooses the world. <c>Dispatchers.Real()</c>: thread pool and wall clock. <c>Dispatchers.Virtual(seed)</c>: one thread, virtual time.</summary>
public static class Dispatchers
{
    public static Dispatcher Real() => new RealDispatcher();
}
