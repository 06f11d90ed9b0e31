namespace Simulation.Partitioning;

/// <summary>
/// Until when a worker may act as the owner of its units. Written by its <see cref="GroupMember"/> alone, readable from any actor: what is
/// about to start something on a unit looks here first, so that a member that was stalled does no harm before it hears that it was fenced.
/// </summary>
public sealed class OwnershipLease
{
    private long _trustedUntil;

    /// <param name="uptime">The asking actor's <c>Context.Uptime</c>.</param>
    public bool IsTrustedAt(TimeSpan uptime) => uptime.Ticks < Volatile.Read(ref _trustedUntil);

    internal void TrustUntil(TimeSpan uptime) => Volatile.Write(ref _trustedUntil, uptime.Ticks);

    internal void End() => Volatile.Write(ref _trustedUntil, 0);
}
