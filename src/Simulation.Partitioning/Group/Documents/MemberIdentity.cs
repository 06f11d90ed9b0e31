using System.Globalization;

namespace Simulation.Partitioning;

/// <summary>One life of a member: ids are used again, incarnations are not. In text <c>worker-3#00c0ffee00c0ffee</c>.</summary>
public readonly record struct MemberIdentity(MemberId Id, ulong Incarnation) : IComparable<MemberIdentity>
{
    /// <exception cref="FormatException">The text is no identity.</exception>
    public static MemberIdentity Parse(string text)
    {
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        return hash > 0
            && MemberId.TryParse(text.AsSpan(0, hash), out var id)
            && ulong.TryParse(text.AsSpan(hash + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var incarnation)
            ? new MemberIdentity(id, incarnation)
            : throw new FormatException($"'{text}' does not name a member of a group.");
    }

    public int CompareTo(MemberIdentity other) => (Id, Incarnation).CompareTo((other.Id, other.Incarnation));

    public override string ToString() => $"{MemberId.Prefix}{Id.Number}#{Incarnation:x16}";
}
