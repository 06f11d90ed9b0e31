using System.Globalization;

namespace Simulation.Host.Exploring;

/// <summary><c>1..1000</c>, both ends included, or one seed.</summary>
internal readonly record struct SeedRange(ulong First, ulong Last)
{
    public static bool TryParse(string text, out SeedRange range)
    {
        string[] ends = text.Split("..");
        range = default;
        if (ends.Length > 2 || !TryParseSeed(ends[0], out ulong first) || !TryParseSeed(ends[^1], out ulong last) || last < first)
        {
            return false;
        }

        range = new SeedRange(first, last);
        return true;
    }

    public double Count => (double)Last - First + 1;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}..{Last}");

    private static bool TryParseSeed(string text, out ulong seed) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed);
}
