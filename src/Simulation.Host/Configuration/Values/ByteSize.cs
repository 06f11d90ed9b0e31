using System.Globalization;

namespace Simulation.Host.Configuration.Values;

/// <summary>A number of bytes, written <c>512KB</c> (thousands) or <c>64MiB</c> (powers of 1024).</summary>
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    /// <summary>In the order in which a size is written: the first one that divides it.</summary>
    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000),
        ("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1),
    ];

    public static ByteSize Gigabytes(long count) => new(count * 1_000_000_000);

    public static bool TryParse(string text, out ByteSize size)
    {
        size = default;
        foreach ((string unit, long bytes) in Units)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
            {
                bool understood = decimal.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal count)
                    && count <= long.MaxValue / bytes;
                size = understood ? new ByteSize((long)(count * bytes)) : default;
                return understood;
            }
        }

        return false;
    }

    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>In the largest unit that divides it, thousands first.</summary>
    public override string ToString()
    {
        long bytes = Bytes;
        if (bytes == 0)
        {
            return "0B";
        }

        (string unit, long factor) = Units.First(unit => bytes % unit.Bytes == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / factor}{unit}");
    }
}
