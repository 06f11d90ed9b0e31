using System.Globalization;
using System.Text;

namespace Simulation.Kernel;

/// <summary>Durations as people write them: <c>250ms</c>, <c>10s</c>, <c>5m</c>, <c>12h</c>, <c>1h30m</c>, <c>2d</c>; <c>0</c> needs no unit.</summary>
public static class Duration
{
    /// <summary>Largest first: parts of a duration come in this order.</summary>
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond),
        ("ms", TimeSpan.TicksPerMillisecond), ("us", TimeSpan.TicksPerMicrosecond),
    ];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text == "0")
        {
            return true;
        }

        decimal ticks = 0;
        int largestAllowed = 0;
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (!TryTakeNumber(ref rest, out decimal number) || !TryTakeUnit(ref rest, out int unit) || unit < largestAllowed)
            {
                return false;
            }

            ticks += number * Units[unit].Ticks;
            largestAllowed = unit + 1;
            if (ticks > TimeSpan.MaxValue.Ticks)
            {
                return false;
            }
        }

        duration = TimeSpan.FromTicks((long)ticks);
        return text.Length > 0;
    }

    /// <summary>The unit of a single-part text such as <c>30m</c>; null for anything else.</summary>
    public static string? UnitOf(string text)
    {
        string unit = text.TrimStart("0123456789.".ToCharArray());
        return Units.Any(known => known.Unit == unit) ? unit : null;
    }

    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        var text = new StringBuilder();
        long rest = duration.Ticks;
        foreach ((string unit, long ticks) in Units)
        {
            if (rest / ticks > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{rest / ticks}{unit}");
                rest %= ticks;
            }
        }

        return text.ToString();
    }

    private static bool TryTakeNumber(ref ReadOnlySpan<char> rest, out decimal number)
    {
        int length = rest.IndexOfAnyExcept("0123456789.");
        ReadOnlySpan<char> digits = length < 0 ? rest : rest[..length];
        rest = rest[digits.Length..];
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) && number < 1_000_000_000_000;
    }

    private static bool TryTakeUnit(ref ReadOnlySpan<char> rest, out int unit)
    {
        int length = rest.IndexOfAny("0123456789.");
        string name = (length < 0 ? rest : rest[..length]).ToString();
        rest = rest[name.Length..];
        unit = Array.FindIndex(Units, known => known.Unit == name);
        return unit >= 0;
    }
}
