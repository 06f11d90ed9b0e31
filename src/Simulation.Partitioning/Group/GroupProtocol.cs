using System.Collections.Immutable;

namespace Simulation.Partitioning;

// What a GroupMember tells its worker.

/// <summary>The worker has a name now and may be granted units.</summary>
/// <param name="Id">Its own until it leaves or is fenced.</param>
/// <param name="Lease">To be looked at before something is begun on a unit.</param>
public sealed record MemberIdClaimed(MemberId Id, OwnershipLease Lease);

/// <summary>Nobody else holds these units any more: start on them.</summary>
/// <param name="Epoch">Of the leader that assigned them.</param>
/// <param name="Version">Of the assignment that is being followed.</param>
public sealed record UnitsGranted(long Epoch, long Version, ImmutableArray<int> Units);

/// <summary>Stop fetching for these units, finish or release what is in flight, then answer <see cref="UnitsReleased"/>, at once or one by one.</summary>
public sealed record UnitsRevoked(long Version, ImmutableArray<int> Units);

/// <summary>The lease is lost: stop everything now, acknowledge nothing more, then answer <see cref="HoldingNothing"/>. The member rejoins after that.</summary>
public sealed record Fenced(string Reason);

/// <summary>The answer to <see cref="LeaveGroup"/>: nothing is held, and nobody needs to wait for a lease to run out.</summary>
public sealed record LeftGroup;

/// <summary>
/// This member has become the leader. Told by the new leader's member alone; again with the same epoch when it had lost sight of its lease.
/// </summary>
public sealed record LeaderElected(MemberId Leader, long Epoch);

/// <summary>A new assignment has been published. Told by the leader's member alone.</summary>
/// <param name="Moved">Units that change their owner.</param>
/// <param name="From">Who loses units.</param>
/// <param name="To">Who gains units.</param>
/// <param name="Urgent">A worker died; the change did not wait for others.</param>
public sealed record RebalanceStarted(long Epoch, long Version, int Moved, ImmutableArray<MemberId> From, ImmutableArray<MemberId> To, bool Urgent);

/// <summary>Every unit runs at its owner. Told by the leader's member alone.</summary>
/// <param name="Duration">Since the first assignment was published after everything had last been at its owner.</param>
public sealed record RebalanceCompleted(long Version, int Moved, TimeSpan Duration);

// What a worker tells its GroupMember.

/// <summary>These units have really stopped: no message of theirs will be processed or acknowledged any more.</summary>
public sealed record UnitsReleased(ImmutableArray<int> Units);

/// <summary>The answer to <see cref="Fenced"/>: everything has really stopped.</summary>
public sealed record HoldingNothing;

/// <summary>Leave gracefully: everything is revoked first, <see cref="LeftGroup"/> ends it.</summary>
public sealed record LeaveGroup;
