namespace Simulation.Kernel;

/// <summary>Chooses the world. <c>Dispatchers.Real()</c>: thread pool and wall clock. <c>Dispatchers.Virtual(seed)</c>: one thread, virtual time.</summary>
public static class Dispatchers
{
    public static Dispatcher Real() => new RealDispatcher();

    /// <param name="seed">Decides the order of everything that happens at one instant.</param>
    /// <param name="start">The wall clock at the start; 2030-01-01 UTC by default.</param>
    /// <param name="buggify">How often rare but legal things happen; see <see cref="BuggifyOptions"/> for what is usual.</param>
    /// <param name="planted">Bugs that are switched on to be found; see <see cref="IActorContext.IsPlanted"/>. None by default.</param>
    public static VirtualDispatcher Virtual(
        ulong seed, DateTimeOffset? start = null, BuggifyOptions? buggify = null, IReadOnlySet<string>? planted = null) =>
        new(seed, start ?? new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), buggify ?? new BuggifyOptions(), planted);
}
