using System.Collections.Immutable;

namespace Simulation.Partitioning;

/// <summary>The rule by which units change hands without ever being in two.</summary>
internal static class HandOver
{
    /// <summary>
    /// The document that follows <paramref name="current"/>. A new owner must wait for whoever may still hold the unit: the previous owner, and
    /// those whom that one was waiting for, except members that are gone and members that have since been seen to hold it no longer.
    /// </summary>
    /// <param name="current">Null for the first.</param>
    /// <param name="target">Who shall own what; only <paramref name="present"/> members.</param>
    /// <param name="present">Every member whose lease may still be trusted, sorted.</param>
    /// <param name="releasedOf">The version up to which a member is known to have released.</param>
    public static AssignmentDocument Next(
        AssignmentDocument? current, Assignment target, ImmutableArray<MemberIdentity> present, Func<MemberIdentity, long> releasedOf, long epoch, string strategy)
    {
        var version = (current?.Version ?? 0) + 1;
        var identities = present.ToDictionary(member => member.Id);
        return new AssignmentDocument(epoch, version, strategy, present, [.. target.Owners.Select(Hand)]);

        UnitOwnership Hand(MemberId ownerId, int unit)
        {
            var owner = identities[ownerId];
            if (current is null || unit >= current.Units.Length)
            {
                return new UnitOwnership(owner, version, []);
            }

            var previous = current.Units[unit];
            var mayHold = previous.Contenders.Where(contender => releasedOf(contender) < previous.Since).Append(previous.Owner);
            return new UnitOwnership(
                owner,
                previous.Owner == owner ? previous.Since : version,
                [.. mayHold.Where(holder => holder != owner && present.Contains(holder)).Distinct().Order()]);
        }
    }
}
