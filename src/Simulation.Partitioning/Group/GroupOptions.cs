namespace Simulation.Partitioning;

/// <summary>
/// The clockwork of a group; the same for all its members. A member stops by its own clock at <c>LeaseTtl - SafetyMargin</c> after the start
/// of its last successful renewal; others may consider it gone when its lease has not changed for <c>LeaseTtl</c> by theirs.
/// </summary>
public sealed record GroupOptions
{
    /// <summary>How long a lease that is not renewed lasts, and so the longest that a dead worker's partitions stand still. Default 15 s.</summary>
    public TimeSpan LeaseTtl { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often leases are renewed. Default a third of <see cref="LeaseTtl"/>: two renewals may fail.</summary>
    public TimeSpan RenewInterval { get => field == default ? LeaseTtl / 3 : field; init; }

    /// <summary>How much earlier a member gives up than others may notice: covers clocks that run at different speeds. Default a fifth of <see cref="LeaseTtl"/>.</summary>
    public TimeSpan SafetyMargin { get => field == default ? LeaseTtl / 5 : field; init; }

    /// <summary>How long the first leader waits for members before the first assignment; ends early when <see cref="ExpectedMembers"/> are there. Default 3 s.</summary>
    public TimeSpan ColdStartWindow { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long joins and graceful leaves are collected before one rebalance serves them all. Default 1 s.</summary>
    public TimeSpan PlannedChangeWindow { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Members that will come; null when nobody knows.</summary>
    public int? ExpectedMembers { get; init; }

    /// <summary>Pause before something that the server refused or could not answer is tried again. Default 200 ms.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>By its own clock a member works no longer than this after the start of a successful renewal.</summary>
    internal TimeSpan TrustedFor => LeaseTtl - SafetyMargin;

    /// <summary>See <see cref="Kernel.IActorContext.IsPlanted"/>; no bug at all for whoever has no actor.</summary>
    internal Func<string, bool> IsPlanted { get; init; } = _ => false;

    /// <summary>By which a member's leases go.</summary>
    internal MemberClock Clock { get; init; } = new();

    /// <exception cref="ArgumentException">The timings contradict each other.</exception>
    internal void ThrowIfInconsistent()
    {
        if (RenewInterval <= TimeSpan.Zero || SafetyMargin <= TimeSpan.Zero || RenewInterval >= TrustedFor)
        {
            throw new ArgumentException(
                $"A lease of {LeaseTtl} with a safety margin of {SafetyMargin} is trusted for {TrustedFor}; it cannot be renewed every {RenewInterval}.");
        }
    }
}
