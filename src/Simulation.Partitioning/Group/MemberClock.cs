namespace Simulation.Partitioning;

/// <summary>
/// What a worker and its <see cref="GroupMember"/> take for the time: their own leases go by it, and those of others as they see them.
/// It follows the kernel's, and is ahead or behind once somebody made it jump.
/// </summary>
public sealed class MemberClock
{
    private long _ahead;

    /// <param name="uptime">The asking actor's <c>Context.Uptime</c>.</param>
    public TimeSpan At(TimeSpan uptime) => uptime + TimeSpan.FromTicks(Volatile.Read(ref _ahead));

    /// <param name="by">Forward, or (negative) back.</param>
    public void Jump(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);
}
