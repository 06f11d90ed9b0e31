using System.Collections.Immutable;

namespace Simulation.Partitioning.Tests.Group;

public sealed class HandOverTests
{
    private static readonly MemberIdentity A = new(new MemberId(0), 10);
    private static readonly MemberIdentity B = new(new MemberId(1), 11);
    private static readonly MemberIdentity C = new(new MemberId(2), 12);
    private static readonly MemberIdentity AnotherA = new(new MemberId(0), 20);

    [Fact]
    public void Next_First_NobodyHasToWait() =>
        AssertUnit(Next(null, A), A, since: 1);

    [Fact]
    public void Next_OwnerStays_KeepsSince() =>
        AssertUnit(Next(Document(5, A, since: 2), A), A, since: 2);

    [Fact]
    public void Next_OwnerChanges_PreviousOwnerContends() =>
        AssertUnit(Next(Document(5, A, since: 2), B), B, since: 6, A);

    [Fact]
    public void Next_OwnerChangesTwiceBeforeTheFirstReleased_BothContend() =>
        AssertUnit(Next(Document(5, B, since: 5, A), C), C, since: 6, A, B);

    [Fact]
    public void Next_ContenderHasReleased_OnlyPreviousOwnerContends() =>
        AssertUnit(Next(Document(5, B, since: 5, A), C, released: member => member == A ? 5 : 0), C, since: 6, B);

    [Fact]
    public void Next_ContenderReleasedAnEarlierVersionOnly_StillContends() =>
        AssertUnit(Next(Document(5, B, since: 5, A), C, released: member => member == A ? 4 : 0), C, since: 6, A, B);

    [Fact]
    public void Next_PreviousOwnerIsGone_DoesNotContend() =>
        AssertUnit(Next(Document(5, A, since: 2), B, present: [B, C]), B, since: 6);

    [Fact]
    public void Next_GivenBackToAContender_OnlyTheOtherContends() =>
        AssertUnit(Next(Document(5, B, since: 5, A), A), A, since: 6, B);

    [Fact]
    public void Next_SameIdInAnotherLife_IsAnotherOwner() =>
        AssertUnit(Next(Document(5, A, since: 2), AnotherA, present: [AnotherA, B]), AnotherA, since: 6);

    [Fact]
    public void Codec_Document_ComesBack()
    {
        var document = Next(Document(5, B, since: 5, A), C);
        var back = GroupCodec.DecodeAssignment(GroupCodec.Encode(document));

        Assert.Equal((document.Epoch, document.Version, document.Strategy), (back.Epoch, back.Version, back.Strategy));
        Assert.Equal(document.Members, back.Members.AsEnumerable());
        AssertUnit(back, C, since: 6, A, B);
    }

    private static AssignmentDocument Document(long version, MemberIdentity owner, long since, params ImmutableArray<MemberIdentity> contenders) =>
        new(1, version, "RoundRobin", [A, B, C], [new UnitOwnership(owner, since, contenders)]);

    private static AssignmentDocument Next(
        AssignmentDocument? current, MemberIdentity owner, Func<MemberIdentity, long>? released = null, ImmutableArray<MemberIdentity>? present = null) =>
        HandOver.Next(current, new Assignment([owner.Id]), present ?? [A, B, C], released ?? (_ => 0), epoch: 1, "RoundRobin");

    private static void AssertUnit(AssignmentDocument document, MemberIdentity owner, long since, params MemberIdentity[] contenders)
    {
        var unit = Assert.Single(document.Units);
        Assert.Equal(owner, unit.Owner);
        Assert.Equal(since, unit.Since);
        Assert.Equal(contenders, unit.Contenders);
    }
}
