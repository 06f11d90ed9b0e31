using System.Globalization;

namespace Simulation.Chaos;

/// <summary>A range of whole numbers: <c>5-9</c>, or <c>5</c> (both ends the same).</summary>
public readonly record struct CountRange(int Min, int Max)
{
    public static bool TryParse(string text, out CountRange range)
    {
        range = default;
        string[] ends = text.Split('-', StringSplitOptions.TrimEntries);
        if (ends.Length > 2
            || !int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int min)
            || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int max))
        {
            return false;
        }

        range = new CountRange(min, max);
        return true;
    }

    public override string ToString() =>
        Min == Max ? Min.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Min}-{Max}");
}
