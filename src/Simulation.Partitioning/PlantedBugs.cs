namespace Simulation.Partitioning;

/// <summary>Mistakes that this room could have made; see docs/decisions/planted-bugs.md.</summary>
public static class PlantedBugs
{
    /// <summary>What an old leader writes late takes the place of its successor's assignment, and members follow it back.</summary>
    internal const string NoFencing = "no-fencing";

    /// <summary>A new owner begins at once, whoever may still hold the unit.</summary>
    internal const string HandOverWithoutWaiting = "hand-over-without-waiting";

    /// <summary>A member does not notice that its lease has run out, goes on, and renews it afterwards.</summary>
    internal const string LeaseRenewedAfterExpiry = "lease-renewed-after-expiry";

    /// <summary>All lives of an id look alike, so that a member takes somebody else's claim for its own.</summary>
    internal const string IdClaimedTwice = "id-claimed-twice";

    /// <summary>The end of another member's lease goes unseen.</summary>
    internal const string WatchMissesDelete = "watch-misses-delete";

    public static IReadOnlyList<string> Names { get; } = [NoFencing, HandOverWithoutWaiting, LeaseRenewedAfterExpiry, IdClaimedTwice, WatchMissesDelete];
}
