namespace Simulation.Partitioning;

/// <summary>The keys of the group's bucket.</summary>
internal static class GroupKeys
{
    /// <summary>Apart from the group's other keys, because it is renewed all the time and concerns few.</summary>
    public const string Leader = "leader";

    public const string Assignment = "group.assignment";

    /// <summary>In the bucket that the run began with. One without it was made again, and members may trust leases that the old one held.</summary>
    public const string Founded = "group.founded";

    /// <summary>The assignment: what every member watches.</summary>
    public const string GroupFilter = "group.*";

    /// <summary>Every member's lease: what the leader watches.</summary>
    public const string MembersFilter = "member.*";

    private const string MemberPrefix = "member.";

    public static string Member(MemberId id) => $"{MemberPrefix}{id}";

    public static bool TryGetMember(string key, out MemberId id)
    {
        id = default;
        return key.StartsWith(MemberPrefix, StringComparison.Ordinal) && MemberId.TryParse(key.AsSpan(MemberPrefix.Length), out id);
    }
}
