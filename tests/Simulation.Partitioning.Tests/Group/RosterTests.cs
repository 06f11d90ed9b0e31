using Simulation.JetStream;

namespace Simulation.Partitioning.Tests.Group;

public sealed class RosterTests
{
    private static readonly MemberIdentity A = new(new MemberId(0), 10);
    private static readonly MemberIdentity AnotherA = new(new MemberId(0), 20);
    private static readonly MemberIdentity B = new(new MemberId(1), 11);

    private readonly Roster _roster = new();

    public RosterTests() => _roster.Begin(GroupKeys.MembersFilter);

    [Fact]
    public void IsGone_NotListed_IsProvenOnlyByALaterPosition()
    {
        _roster.Follow(Lease(B, revision: 5), TimeSpan.Zero);
        _roster.CatchUp();
        Assert.False(_roster.IsGone(A, knownAt: 8));

        _roster.Follow(Lease(B, revision: 9), TimeSpan.Zero);
        Assert.True(_roster.IsGone(A, knownAt: 8));
        Assert.False(_roster.HasLeft(A));
    }

    /// <summary>Found by seed 5781: who waited for one member took another for gone, whom its watch did not show.</summary>
    [Fact]
    public void IsGone_NotShownByTheWatch_IsNotProvenByAnyPosition()
    {
        _roster.Begin(GroupKeys.Member(B.Id));
        _roster.Follow(Lease(B, revision: 9), TimeSpan.Zero);
        _roster.CatchUp();

        Assert.False(_roster.IsGone(A, knownAt: 8));
    }

    [Fact]
    public void IsGone_DeleteSeen_HasLeft()
    {
        _roster.Follow(Lease(A, revision: 5), TimeSpan.Zero);
        _roster.Follow(Deleted(A, revision: 6), TimeSpan.Zero);

        Assert.True(_roster.IsGone(A, knownAt: 8));
        Assert.True(_roster.HasLeft(A));
        Assert.Empty(_roster.Present);
    }

    [Fact]
    public void IsGone_DeleteOfALeaseThatWeCondemned_HasNotLeftByItself()
    {
        _roster.Follow(Lease(A, revision: 5), TimeSpan.Zero);
        _roster.Condemn(A);
        _roster.Follow(Deleted(A, revision: 6), TimeSpan.Zero);

        Assert.True(_roster.IsGone(A, knownAt: 8));
        Assert.False(_roster.HasLeft(A));
    }

    [Fact]
    public void IsGone_SuccessorSeen_PredecessorIsGone()
    {
        _roster.Follow(Lease(A, revision: 5), TimeSpan.Zero);
        _roster.Follow(Lease(AnotherA, revision: 7), TimeSpan.Zero);

        Assert.True(_roster.IsGone(A, knownAt: 6));
        Assert.Equal([AnotherA], _roster.Present.AsEnumerable());
    }

    /// <summary>The watch may be behind the assignment: it shows the predecessor still.</summary>
    [Fact]
    public void IsGone_PredecessorStillSeen_SuccessorIsNotGone()
    {
        _roster.Follow(Lease(A, revision: 5), TimeSpan.Zero);
        _roster.CatchUp();

        Assert.False(_roster.IsGone(AnotherA, knownAt: 8));
    }

    [Fact]
    public void SettleRemoval_MemberHadRenewed_StaysAndItsTimeStartsAnew()
    {
        _roster.Follow(Lease(A, revision: 5), TimeSpan.Zero);
        _roster.Condemn(A);
        _roster.SettleRemoval(Settled(Lease(A, revision: 6)), TimeSpan.FromSeconds(20));

        Assert.Equal(TimeSpan.FromSeconds(20), Assert.Single(_roster.Sightings).ObservedAt);
        Assert.False(_roster.IsCondemned(A));
    }

    [Fact]
    public void Follow_SameRevisionAgain_DoesNotLookAlive()
    {
        _roster.Follow(Lease(A, revision: 5), TimeSpan.Zero);
        _roster.See(Lease(A, revision: 5), TimeSpan.FromSeconds(10));

        Assert.Equal(TimeSpan.Zero, Assert.Single(_roster.Sightings).ObservedAt);
    }

    private static Settled Settled(KeyValueEntry? found) =>
        new(new Store(0, Cell.Removal, StoreKind.Delete, GroupKeys.Member(A.Id), Value(A), 5), found is null, 0, found);

    private static KeyValueEntry Lease(MemberIdentity member, ulong revision) =>
        new(GroupKeys.Member(member.Id), Value(member), revision, DateTimeOffset.UnixEpoch, KeyValueOperation.Put);

    private static KeyValueEntry Deleted(MemberIdentity member, ulong revision) =>
        new(GroupKeys.Member(member.Id), default, revision, DateTimeOffset.UnixEpoch, KeyValueOperation.Delete);

    private static byte[] Value(MemberIdentity member) => GroupCodec.Encode(new MemberRecord(member, 1, 0, 0));
}
