namespace Simulation.Partitioning;

/// <summary>The leader's lease: the value of <c>leader</c>.</summary>
/// <param name="Holder">Null when the last leader resigned.</param>
/// <param name="Epoch">Grows with every change of leader and never shrinks.</param>
/// <param name="Beat">Counts the leader's writes.</param>
internal sealed record LeaderRecord(MemberIdentity? Holder, long Epoch, long Beat);
