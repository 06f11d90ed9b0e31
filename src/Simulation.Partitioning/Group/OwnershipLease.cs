namespace Simulation.Partitioning;

/// <summary>
/// Until when a worker may act as the owner of its units. Written by its <see cref="GroupMember"/> alone, readable from any actor: what is
/// about to start something on a unit looks here first, so that a member that was stalled does no harm before it hears that it was fenced.
/// </summary>
public sealed class OwnershipLease(MemberClock clock)
{
    private long _trustedUntil;

    /// <param name="uptime">The asking actor's <c>Context.Uptime</c>.</param>
    public bool IsTrustedAt(TimeSpan uptime) => TrustedFor(uptime) > TimeSpan.Zero;

    /// <summary>How much longer, by the worker's own clock; not above zero when it is over.</summary>
    /// <param name="uptime">The asking actor's <c>Context.Uptime</c>.</param>
    public TimeSpan TrustedFor(TimeSpan uptime) => TimeSpan.FromTicks(Volatile.Read(ref _trustedUntil)) - clock.At(uptime);

    /// <param name="time">By the worker's own clock.</param>
    internal void TrustUntil(TimeSpan time) => Volatile.Write(ref _trustedUntil, time.Ticks);

    internal void End() => Volatile.Write(ref _trustedUntil, 0);
}
