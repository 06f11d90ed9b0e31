using Simulation.JetStream;

namespace Simulation.Partitioning.Tests.Group;

public sealed class LeaderDeskTests
{
    private static readonly MemberIdentity Me = new(new MemberId(0), 10);
    private static readonly MemberIdentity B = new(new MemberId(1), 11);
    private static readonly MemberIdentity C = new(new MemberId(2), 12);
    private static readonly MemberIdentity D = new(new MemberId(3), 13);
    private static readonly GroupOptions Options = new();

    /// <summary>
    /// Found by seed 29 of dev.yaml, as a drain that never ended: after a server had lost its newest leases, the leader waited for each of the ten
    /// members one after the other, a lease's time each.
    /// </summary>
    [Fact]
    public void Proceed_SeveralLeasesAreMissing_WaitsForAllOfThemAtOnce()
    {
        var outbox = new Outbox();
        var roster = new Roster(Options);
        var known = new KnownAssignment();
        known.Learn(new AssignmentDocument(1, 1, "test", [Me, B, C, D], [Owned(B), Owned(C), Owned(D)]), revision: 8);
        var desk = new LeaderDesk(Options, new GroupPlan([1, 1, 1], new RoundRobinStrategy()), outbox, Me, epoch: 2, TimeSpan.Zero, roster, known);
        roster.Begin(GroupKeys.MembersFilter);
        roster.CatchUp();
        Renew(roster, revision: 9, TimeSpan.Zero);

        desk.Proceed(TimeSpan.Zero);
        Assert.Empty(outbox.Empty());

        Renew(roster, revision: 10, Options.LeaseTtl);
        desk.Proceed(Options.LeaseTtl);
        Assert.Equal(Cell.Assignment, Assert.IsType<Store>(Assert.Single(outbox.Empty())).Cell);
    }

    private static UnitOwnership Owned(MemberIdentity owner) => new(owner, 1, []);

    private static void Renew(Roster roster, ulong revision, TimeSpan now) => roster.Follow(
        new KeyValueEntry(
            GroupKeys.Member(Me.Id), GroupCodec.Encode(new MemberRecord(Me, (long)revision, 0, 0)), revision, DateTimeOffset.UnixEpoch, KeyValueOperation.Put),
        now);
}
