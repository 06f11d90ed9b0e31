namespace Simulation.Nats.Proxy;

/// <summary>The running counts behind <see cref="LinkCounts"/>, written by many pumps.</summary>
internal sealed class LinkTally
{
    public long Opened;
    public long Reset;
    public long Refused;
    public long Delivered;
    public long Delayed;
    public long Held;
    public long Stalled;
    public long Swallowed;

    public LinkCounts Read() => new(
        Interlocked.Read(ref Opened), Interlocked.Read(ref Reset), Interlocked.Read(ref Refused), Interlocked.Read(ref Delivered),
        Interlocked.Read(ref Delayed), Interlocked.Read(ref Held), Interlocked.Read(ref Stalled), Interlocked.Read(ref Swallowed));
}
