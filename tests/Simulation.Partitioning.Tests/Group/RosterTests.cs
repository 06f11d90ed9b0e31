using Simulation.JetStream;

namespace Simulation.Partitioning.Tests.Group;

public sealed class RosterTests
{
    private static readonly MemberIdentity A = new(new MemberId(0), 10);
    private static readonly MemberIdentity AnotherA = new(new MemberId(0), 20);
    private static readonly MemberIdentity B = new(new MemberId(1), 11);

    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(15);

    private readonly Roster _roster = new(new GroupOptions { LeaseTtl = Ttl });

    public RosterTests() => _roster.Begin(GroupKeys.MembersFilter);

    [Fact]
    public void IsGone_NotListed_IsOverALeaseAfterALaterPosition()
    {
        _roster.Follow(Lease(B, revision: 5), TimeSpan.Zero);
        _roster.CatchUp();
        Assert.False(IsGone(A, knownAt: 8, now: Ttl));

        _roster.Follow(Lease(B, revision: 9), Ttl);
        Assert.False(IsGone(A, knownAt: 8, now: Ttl));
        Assert.True(IsGone(A, knownAt: 8, now: Ttl * 2));
        Assert.False(_roster.HasLeft(A));
    }

    /// <summary>A lease that is renewed while it is listed is shown after the list.</summary>
    [Fact]
    public void IsGone_ListedLate_IsNotMissing()
    {
        _roster.Follow(Lease(B, revision: 9), TimeSpan.Zero);
        _roster.CatchUp();
        Assert.False(IsGone(A, knownAt: 8, now: TimeSpan.Zero));

        _roster.Follow(Lease(A, revision: 10), TimeSpan.FromSeconds(1));

        Assert.False(IsGone(A, knownAt: 8, now: Ttl * 2));
    }

    /// <summary>Found by seed 5781: who waited for one member took another for gone, whom its watch did not show.</summary>
    [Fact]
    public void IsGone_NotShownByTheWatch_IsNotProvenByAnyPosition()
    {
        _roster.Begin(GroupKeys.Member(B.Id));
        _roster.Follow(Lease(B, revision: 9), TimeSpan.Zero);
        _roster.CatchUp();

        Assert.False(IsGone(A, knownAt: 8, now: TimeSpan.Zero));
        Assert.False(IsGone(A, knownAt: 8, now: Ttl));
    }

    [Fact]
    public void IsGone_LeaseEnded_HasLeft()
    {
        _roster.Follow(Lease(A, revision: 5), TimeSpan.Zero);
        _roster.Follow(Ended(A, revision: 6), TimeSpan.Zero);

        Assert.True(IsGone(A, knownAt: 8, now: TimeSpan.Zero));
        Assert.True(_roster.HasLeft(A));
        Assert.Empty(_roster.Present);
    }

    [Fact]
    public void IsGone_LeaseThatWeCondemnedEnded_HasNotLeftByItself()
    {
        _roster.Follow(Lease(A, revision: 5), TimeSpan.Zero);
        _roster.Condemn(A);
        _roster.Follow(Ended(A, revision: 6), TimeSpan.Zero);

        Assert.True(IsGone(A, knownAt: 8, now: TimeSpan.Zero));
        Assert.False(_roster.HasLeft(A));
    }

    /// <summary>Somebody deleted it; its holder does not know yet.</summary>
    [Fact]
    public void IsGone_LeaseDeleted_IsOverALeaseLater()
    {
        _roster.Follow(Lease(A, revision: 5), TimeSpan.Zero);
        _roster.Follow(Deleted(A, revision: 6), TimeSpan.FromSeconds(1));

        Assert.Empty(_roster.Present);
        Assert.False(IsGone(A, knownAt: 5, now: Ttl));
        Assert.True(IsGone(A, knownAt: 5, now: Ttl + TimeSpan.FromSeconds(1)));
        var alarm = new Alarm(TimeSpan.Zero);
        _roster.Set(ref alarm);
        Assert.Equal(Ttl + TimeSpan.FromSeconds(1), alarm.At);
    }

    [Fact]
    public void IsGone_SuccessorOfAnEndedLease_PredecessorIsGone()
    {
        _roster.Follow(Lease(A, revision: 5), TimeSpan.Zero);
        _roster.Follow(Lease(AnotherA, revision: 7, after: A), TimeSpan.Zero);

        Assert.True(IsGone(A, knownAt: 6, now: TimeSpan.Zero));
        Assert.Equal([AnotherA], _roster.Present.AsEnumerable());
    }

    /// <summary>The predecessor's lease was deleted, and a stranger took its id.</summary>
    [Fact]
    public void IsGone_SuccessorThatFoundNoEnd_PredecessorIsOverALeaseLater()
    {
        _roster.Follow(Lease(A, revision: 5), TimeSpan.Zero);
        _roster.Follow(Lease(AnotherA, revision: 7), TimeSpan.Zero);

        Assert.False(IsGone(A, knownAt: 6, now: TimeSpan.Zero));
        Assert.True(IsGone(A, knownAt: 6, now: Ttl));
        Assert.Equal([AnotherA], _roster.Present.AsEnumerable());
    }

    /// <summary>The watch may be behind the assignment: it shows the predecessor still.</summary>
    [Fact]
    public void IsGone_PredecessorStillSeen_SuccessorIsNotGone()
    {
        _roster.Follow(Lease(A, revision: 5), TimeSpan.Zero);
        _roster.CatchUp();

        Assert.False(IsGone(AnotherA, knownAt: 8, now: Ttl));
    }

    [Fact]
    public void SettleRemoval_MemberHadRenewed_StaysAndItsTimeStartsAnew()
    {
        _roster.Follow(Lease(A, revision: 5), TimeSpan.Zero);
        _roster.Condemn(A);
        _roster.SettleRemoval(Settled(Lease(A, revision: 6)), TimeSpan.FromSeconds(20));

        Assert.Empty(_roster.UnchangedSince(TimeSpan.FromSeconds(19), B));
        Assert.Equal(6u, Assert.Single(_roster.UnchangedSince(TimeSpan.FromSeconds(20), B)).Revision);
    }

    [Fact]
    public void SettleRemoval_NothingHadChanged_MayBeRemovedAgainAtOnce()
    {
        _roster.Follow(Lease(A, revision: 5), TimeSpan.Zero);
        _roster.Condemn(A);
        Assert.Empty(_roster.UnchangedSince(TimeSpan.FromSeconds(20), B));
        _roster.SettleRemoval(Settled(Lease(A, revision: 5)), TimeSpan.FromSeconds(20));

        Assert.Single(_roster.UnchangedSince(TimeSpan.Zero, B));
    }

    [Fact]
    public void UnchangedSince_SomeRenew_GivesTheOthersAndKnowsWhoIsNext()
    {
        _roster.Follow(Lease(A, revision: 5), TimeSpan.Zero);
        _roster.Follow(Lease(B, revision: 6), TimeSpan.Zero);
        _roster.Follow(Lease(B, revision: 7), TimeSpan.FromSeconds(9));

        Assert.Equal(A, Assert.Single(_roster.UnchangedSince(TimeSpan.FromSeconds(5), AnotherA)).Record.Member);
        Assert.Equal(TimeSpan.FromSeconds(9), _roster.NoneOlderThan);
        Assert.Empty(_roster.UnchangedSince(TimeSpan.FromSeconds(20), B).Where(sighting => sighting.Record.Member == B));
    }

    [Fact]
    public void Follow_SameRevisionAgain_DoesNotLookAlive()
    {
        _roster.Follow(Lease(A, revision: 5), TimeSpan.Zero);
        _roster.See(Lease(A, revision: 5), TimeSpan.FromSeconds(10));

        Assert.Equal(TimeSpan.Zero, Assert.Single(_roster.UnchangedSince(TimeSpan.Zero, B)).ObservedAt);
    }

    private bool IsGone(MemberIdentity member, ulong knownAt, TimeSpan now)
    {
        _roster.NoteMissing([member], knownAt, now);
        return _roster.IsGone(member, now);
    }

    private static Settled Settled(KeyValueEntry? found) =>
        new(new Store(0, Cell.Removal, StoreKind.Update, GroupKeys.Member(A.Id), Value(A), 5), found is null, 0, found);

    private static KeyValueEntry Lease(MemberIdentity member, ulong revision, MemberIdentity? after = null) =>
        Put(new MemberRecord(member, 1, 0, 0, After: after), revision);

    private static KeyValueEntry Ended(MemberIdentity member, ulong revision) => Put(new MemberRecord(member, 1, 0, 0, Ended: true), revision);

    private static KeyValueEntry Put(MemberRecord record, ulong revision) =>
        new(GroupKeys.Member(record.Member.Id), GroupCodec.Encode(record), revision, DateTimeOffset.UnixEpoch, KeyValueOperation.Put);

    private static KeyValueEntry Deleted(MemberIdentity member, ulong revision) =>
        new(GroupKeys.Member(member.Id), default, revision, DateTimeOffset.UnixEpoch, KeyValueOperation.Delete);

    private static byte[] Value(MemberIdentity member) => GroupCodec.Encode(new MemberRecord(member, 1, 0, 0));
}
