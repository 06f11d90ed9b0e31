namespace Simulation.Partitioning;

/// <summary>A member's lease, heartbeat and status in one: the value of <c>member.&lt;id&gt;</c>, written by that member alone.</summary>
/// <param name="Beat">Counts its writes, so that it can recognise the one whose answer was lost.</param>
/// <param name="Released">It holds nothing that the assignment of this version gives to others.</param>
/// <param name="Running">It runs everything that the assignment of this version gives to it.</param>
/// <param name="Ended">The lease is over: given back, or run out and closed by the leader. One that is only missing may be trusted by its holder still.</param>
/// <param name="After">Whose lease, under the same id, was over before this one began; null when nobody can tell.</param>
internal sealed record MemberRecord(
    MemberIdentity Member, long Beat, long Released, long Running, bool Ended = false, MemberIdentity? After = null);
