using System.Collections.Immutable;

namespace Simulation.Partitioning.Tests.Group;

public sealed class HoldingsTests
{
    private static readonly MemberIdentity Me = new(new MemberId(0), 10);
    private static readonly MemberIdentity Other = new(new MemberId(1), 11);

    private readonly Holdings _holdings = new(Me);

    [Fact]
    public void TakeStartable_ContenderHasNotReleased_Waits()
    {
        _holdings.Follow(Document(3, new UnitOwnership(Me, 3, [Other])));

        Assert.Empty(_holdings.TakeStartable(Released(Other, 2)));
        Assert.Equal([Other], _holdings.Awaited);
        Assert.Equal(0, _holdings.Running);

        Assert.Equal([0], _holdings.TakeStartable(Released(Other, 3)).AsEnumerable());
        Assert.Empty(_holdings.Awaited);
        Assert.Equal(3, _holdings.Running);
    }

    [Fact]
    public void Follow_UnitGivenAway_IsReleasedOnlyWhenTheWorkerHasStopped()
    {
        Hold(version: 3);

        Assert.Equal([0], _holdings.Follow(Document(4, new UnitOwnership(Other, 4, [Me]))).AsEnumerable());
        Assert.Equal(3, _holdings.Released);
        Assert.False(_holdings.HasNewsSince(3, 3));

        _holdings.Release([0]);
        Assert.Equal(4, _holdings.Released);
        Assert.True(_holdings.HasNewsSince(3, 3));
    }

    /// <summary>Another owner was in between, unseen: it may already have started, seeing that we had released.</summary>
    [Fact]
    public void Follow_UnitTakenAndGivenBackInBetween_IsStoppedFirst()
    {
        Hold(version: 3);

        Assert.Equal([0], _holdings.Follow(Document(5, new UnitOwnership(Me, 5, [Other]))).AsEnumerable());
        Assert.Empty(_holdings.TakeStartable(Released(Other, 5)));
        _holdings.Release([0]);
        Assert.Empty(_holdings.TakeStartable(Released(Other, 4)));
        Assert.Equal([0], _holdings.TakeStartable(Released(Other, 5)).AsEnumerable());
    }

    [Fact]
    public void Follow_OwnerUnchanged_GoesOn()
    {
        Hold(version: 3);

        Assert.Empty(_holdings.Follow(Document(4, new UnitOwnership(Me, 3, []))));
        Assert.Equal([0], _holdings.Held);
        Assert.Equal(4, _holdings.Running);
    }

    [Fact]
    public void GiveUpAll_NewerAssignment_TakesNothingMore()
    {
        Hold(version: 3);

        Assert.Equal([0], _holdings.GiveUpAll().AsEnumerable());
        Assert.Empty(_holdings.Follow(Document(4, new UnitOwnership(Me, 4, []))));
        Assert.Empty(_holdings.TakeStartable(Released(Other, 9)));
        Assert.False(_holdings.IsEmpty);
        _holdings.Release([0]);
        Assert.True(_holdings.IsEmpty);
    }

    private void Hold(long version)
    {
        _holdings.Follow(Document(version, new UnitOwnership(Me, version, [])));
        _holdings.TakeStartable(Released(Other, 0));
    }

    private static AssignmentDocument Document(long version, params ImmutableArray<UnitOwnership> units) => new(1, version, "RoundRobin", [Me, Other], units);

    private static Func<MemberIdentity, long, bool> Released(MemberIdentity member, long upTo) =>
        (contender, version) => contender == member && version <= upTo;
}
