namespace Simulation.Kernel;

/// <summary>Counts, and says of each kind only once that it has occurred.</summary>
internal sealed class KindCounter<TKind>
    where TKind : notnull
{
    private readonly Lock _gate = new();
    private readonly HashSet<TKind> _seen = [];
    private long _count;

    internal long Count => Volatile.Read(ref _count);

    /// <returns>Whether it is the first of its kind.</returns>
    internal bool Add(TKind kind)
    {
        Interlocked.Increment(ref _count);
        lock (_gate)
        {
            return _seen.Add(kind);
        }
    }
}
