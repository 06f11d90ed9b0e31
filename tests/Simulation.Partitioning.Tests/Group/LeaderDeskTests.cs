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

    [Fact]
    public void Follow_MoreUnits_SharesThemOutWithoutWaitingForAnybody()
    {
        var outbox = new Outbox();
        LeaderDesk desk = Lonely(outbox, unitsInDocument: 2, unitsInPlan: 2);
        desk.Proceed(TimeSpan.Zero);
        Assert.Empty(outbox.Empty());

        desk.Follow(new GroupPlan([1, 1, 1], new RoundRobinStrategy()));
        desk.Proceed(TimeSpan.Zero);

        AssignmentDocument next = Published(outbox);
        Assert.Equal(new[] { 1L, 1, 2 }, next.Units.Select(unit => unit.Since));
        Assert.All(next.Units, unit => Assert.Empty(unit.Contenders));
    }

    /// <summary>A leader that was not told of them yet, as after a pause.</summary>
    [Fact]
    public void Proceed_PredecessorSharedOutMoreThanWeKnowOf_KeepsThem()
    {
        var outbox = new Outbox();
        LeaderDesk desk = Lonely(outbox, unitsInDocument: 3, unitsInPlan: 2, documentEpoch: 1);

        desk.Proceed(TimeSpan.Zero);

        Assert.Equal(3, Published(outbox).Units.Length);
    }

    private static AssignmentDocument Published(Outbox outbox) =>
        GroupCodec.DecodeAssignment(Assert.IsType<Store>(Assert.Single(outbox.Empty(), effect => effect is Store)).Value);

    /// <summary>The desk of the only member, which has an assignment already.</summary>
    private static LeaderDesk Lonely(Outbox outbox, int unitsInDocument, int unitsInPlan, long documentEpoch = 2)
    {
        var roster = new Roster(Options);
        var known = new KnownAssignment();
        known.Learn(new AssignmentDocument(documentEpoch, 1, "test", [Me], [.. Enumerable.Repeat(Owned(Me), unitsInDocument)]), revision: 8);
        roster.Begin(GroupKeys.MembersFilter);
        roster.CatchUp();
        Renew(roster, revision: 9, TimeSpan.Zero);
        var plan = new GroupPlan([1, 1, 1], new RoundRobinStrategy()) { Units = unitsInPlan };
        return new LeaderDesk(Options, plan, outbox, Me, epoch: 2, TimeSpan.Zero, roster, known);
    }

    private static UnitOwnership Owned(MemberIdentity owner) => new(owner, 1, []);

    private static void Renew(Roster roster, ulong revision, TimeSpan now) => roster.Follow(
        new KeyValueEntry(
            GroupKeys.Member(Me.Id), GroupCodec.Encode(new MemberRecord(Me, (long)revision, 0, 0)), revision, DateTimeOffset.UnixEpoch, KeyValueOperation.Put),
        now);
}
