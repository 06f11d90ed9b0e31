using System.Globalization;
using Simulation.Host.Configuration.Values;
using Simulation.Host.Reports.Html;
using Simulation.Kernel;

namespace Simulation.Host.Thresholds;

/// <summary>What a metric is measured in: how a bound is written, and how a value is shown.</summary>
internal sealed class ThresholdUnit
{
    private const string PerHour = "/h";

    private readonly Func<string, double?> _parse;
    private readonly Func<double, string> _write;
    private readonly Func<double, string> _show;

    private ThresholdUnit(string expected, Func<string, double?> parse, Func<double, string> write, Func<double, string> show)
    {
        Expected = expected;
        _parse = parse;
        _write = write;
        _show = show;
    }

    /// <summary>In seconds.</summary>
    public static ThresholdUnit Duration { get; } = new(
        "a duration such as 100ms", text => Kernel.Duration.TryParse(text, out TimeSpan time) ? time.TotalSeconds : null,
        seconds => Kernel.Duration.Format(TimeSpan.FromSeconds(seconds)), seconds => Html(TimeSpan.FromSeconds(seconds)));

    public static ThresholdUnit Count { get; } = new(
        "a number such as 5", Number, Plain, number => number == Math.Floor(number) ? Show.Count((long)number) : Show.Number(number));

    /// <summary>A second.</summary>
    public static ThresholdUnit Rate { get; } = new(
        "a rate such as 900/s", text => Number(text.EndsWith("/s", StringComparison.Ordinal) ? text[..^2] : text), rate => $"{Plain(rate)}/s", Show.Rate);

    /// <summary>A fraction of one.</summary>
    public static ThresholdUnit Ratio { get; } = new(
        "a share such as 1% or 0.01",
        text => text.EndsWith('%') ? Number(text[..^1]) / 100 : Number(text),
        Plain, ratio => string.Create(CultureInfo.InvariantCulture, $"{ratio * 100:0.###} %"));

    public static ThresholdUnit Bytes { get; } = new("a size such as 512MB", Size, Plain0, Show.Bytes);

    public static ThresholdUnit BytesPerHour { get; } = new(
        "a size an hour such as 1MB/h", text => text.EndsWith(PerHour, StringComparison.Ordinal) ? Size(text[..^PerHour.Length]) : null,
        slope => Plain0(slope) + PerHour, slope => Show.Bytes(slope) + PerHour);

    public static ThresholdUnit CountPerHour { get; } = new(
        "a number an hour such as 2/h", text => text.EndsWith(PerHour, StringComparison.Ordinal) ? Number(text[..^PerHour.Length]) : null,
        slope => Plain(slope) + PerHour, slope => Show.Number(slope) + PerHour);

    /// <summary>For messages and the reference, for example <c>a duration such as 100ms</c>.</summary>
    public string Expected { get; }

    /// <returns>Null when it is not written in this unit.</returns>
    public double? Parse(string text) => _parse(text.Trim());

    /// <summary>As <see cref="Parse"/> takes it.</summary>
    public string Write(double value) => _write(value);

    /// <summary>As people read it.</summary>
    public string ShowValue(double value) => double.IsPositiveInfinity(value) ? "never" : _show(value);

    private static string Html(TimeSpan time) => Show.Time(time);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    private static double? Size(string text) => ByteSize.TryParse(text, out ByteSize size) ? size.Bytes : null;

    private static string Plain(double number) => number.ToString("0.############", CultureInfo.InvariantCulture);

    private static string Plain0(double bytes) => new ByteSize((long)bytes).ToString();
}
