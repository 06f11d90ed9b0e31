namespace Simulation.Kernel;

/// <summary>A range of durations: <c>30s-60s</c>, <c>10-30m</c> (the unit covers both ends), or <c>5m</c> (both ends the same).</summary>
public readonly record struct DurationRange(TimeSpan Min, TimeSpan Max)
{
    public static bool TryParse(string text, out DurationRange range)
    {
        range = default;
        string[] ends = text.Split('-', StringSplitOptions.TrimEntries);
        if (ends.Length > 2)
        {
            return false;
        }

        string first = Duration.UnitOf(ends[^1]) is { } unit && ends[0].All(character => char.IsAsciiDigit(character) || character == '.')
            ? ends[0] + unit
            : ends[0];
        if (!Duration.TryParse(first, out TimeSpan min) || !Duration.TryParse(ends[^1], out TimeSpan max))
        {
            return false;
        }

        range = new DurationRange(min, max);
        return true;
    }

    public override string ToString() => Min == Max ? Duration.Format(Min) : $"{Duration.Format(Min)}-{Duration.Format(Max)}";
}
