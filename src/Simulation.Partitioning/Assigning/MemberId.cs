using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Simulation.Partitioning;

/// <summary>The stable name of a worker in its group: <c>worker-0</c>, <c>worker-1</c> and so on. Sorted by number.</summary>
public readonly record struct MemberId(int Number) : IComparable<MemberId>
{
    internal const string Prefix = "worker-";

    public static bool TryParse([NotNullWhen(true)] string? text, out MemberId id) => TryParse(text.AsSpan(), out id);

    public static bool TryParse(ReadOnlySpan<char> text, out MemberId id)
    {
        var parsed = int.TryParse(
            text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : default,
            NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        id = new MemberId(number);
        return parsed;
    }

    public int CompareTo(MemberId other) => Number.CompareTo(other.Number);

    public override string ToString() => $"{Prefix}{Number}";
}
