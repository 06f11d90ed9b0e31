using System.Collections.Immutable;

namespace Simulation.Partitioning;

/// <summary>Who owns what, as the leader publishes it: the value of <c>group.assignment</c>, replaced only by compare-and-set.</summary>
/// <param name="Epoch">Of the leader that wrote it.</param>
/// <param name="Version">Grows by one with every document, across leaders.</param>
/// <param name="Strategy">Name of the strategy that assigned.</param>
/// <param name="Members">Everybody in the group at that moment, sorted.</param>
/// <param name="Units">By unit id.</param>
public sealed record AssignmentDocument(
    long Epoch, long Version, string Strategy, ImmutableArray<MemberIdentity> Members, ImmutableArray<UnitOwnership> Units)
{
    public Assignment ToAssignment() => new([.. Units.Select(unit => unit.Owner.Id)]);

    /// <summary>The member's place among <see cref="Members"/>; behind all of them when it is none.</summary>
    internal int RankOf(MemberIdentity member) => Members.IndexOf(member) is var place and >= 0 ? place : Members.Length;
}

/// <param name="Owner">Who shall hold the unit.</param>
/// <param name="Since">The version that gave the unit to this owner.</param>
/// <param name="Contenders">Who else may still hold it: the owner waits until each has released <see cref="Since"/> or is gone.</param>
public sealed record UnitOwnership(MemberIdentity Owner, long Since, ImmutableArray<MemberIdentity> Contenders);
