using System.Globalization;

namespace Simulation.Host.Reports.Html;

/// <summary>Numbers and times as people read them.</summary>
internal static class Show
{
    public const string Nothing = "–";

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Count(long count, string one, string many) => $"{Count(count)} {(count == 1 ? one : many)}";

    public static string Rate(double perSecond) => Number(perSecond) + "/s";

    /// <summary>Three digits that mean something.</summary>
    public static string Number(double value) => value switch
    {
        0 => "0",
        _ when Math.Abs(value) >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        _ when Math.Abs(value) >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ when Math.Abs(value) >= 0.01 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ when Math.Abs(value) >= 0.0001 => value.ToString("0.0000", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###e0", CultureInfo.InvariantCulture),
    };

    /// <summary>A latency or a recovery: <c>4.2 ms</c>, <c>1.3 s</c>, <c>2 min 5 s</c>.</summary>
    public static string Time(TimeSpan? time) => time is not { } span ? Nothing : span.TotalMilliseconds switch
    {
        0 => "0 s",
        < 1 => Invariant($"{span.TotalMicroseconds:0} µs"),
        < 10 => Invariant($"{span.TotalMilliseconds:0.0} ms"),
        < 1000 => Invariant($"{span.TotalMilliseconds:0} ms"),
        < 10_000 => Invariant($"{span.TotalSeconds:0.00} s"),
        < 120_000 => Invariant($"{span.TotalSeconds:0.0} s"),
        _ => Long(span),
    };

    /// <summary>How long a run took: <c>12 h 3 min</c>.</summary>
    public static string Long(TimeSpan span) =>
        span.TotalDays >= 1 ? Invariant($"{(int)span.TotalDays} d {span.Hours} h")
        : span.TotalHours >= 1 ? Invariant($"{(int)span.TotalHours} h {span.Minutes} min")
        : span.TotalMinutes >= 1 ? Invariant($"{(int)span.TotalMinutes} min {span.Seconds} s")
        : Invariant($"{span.TotalSeconds:0.#} s");

    public static string Bytes(double bytes) => Math.Abs(bytes) switch
    {
        >= 1e9 => Invariant($"{bytes / 1e9:0.00} GB"),
        >= 1e6 => Invariant($"{bytes / 1e6:0.0} MB"),
        >= 1e3 => Invariant($"{bytes / 1e3:0.0} KB"),
        _ => Invariant($"{bytes:0} B"),
    };

    public static string Moment(DateTimeOffset at) => Invariant($"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");

    public static string Clock(DateTimeOffset at) => Invariant($"{at.UtcDateTime:HH:mm:ss}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
