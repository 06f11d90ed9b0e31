using System.Collections.Immutable;
using System.Globalization;
using Simulation.Kernel;

namespace Simulation.Chaos;

/// <summary>
/// One thing that can be said about a fault. Values are text, as in a configuration: one value, or a range from which the seed draws one.
/// A drawn value is text again, so that a plan can be read and given back as it is.
/// </summary>
public abstract class FaultParameter(string name, string doc, string standard)
{
    public string Name { get; } = name;

    public string Doc { get; } = doc;

    /// <summary>What it is when nothing is said: a value, or a range.</summary>
    public string Default { get; } = standard;

    /// <summary>What may be given, in words.</summary>
    public abstract string Bounds { get; }

    /// <returns>What is wrong with the text; null for nothing.</returns>
    public abstract string? Check(string text);

    /// <summary>One value out of what was given.</summary>
    public abstract string Draw(string text, RandomStream random);
}

/// <summary>A time such as <c>10s</c>, or a range such as <c>10-30s</c>. Drawn to the millisecond.</summary>
public sealed class DurationParameter(string name, string doc, TimeSpan least, TimeSpan most, string standard) : FaultParameter(name, doc, standard)
{
    public TimeSpan Least => least;

    public override string Bounds => $"{Duration.Format(least)} to {Duration.Format(most)}";

    public override string? Check(string text) =>
        !DurationRange.TryParse(text, out DurationRange range) ? $"expected a duration such as 10s, or a range such as 10-30s, found '{text}'"
        : range.Min > range.Max ? $"{text} ends before it begins"
        : range.Min < least || range.Max > most ? $"{text} is not within {Bounds}"
        : null;

    public override string Draw(string text, RandomStream random) =>
        DurationRange.TryParse(text, out DurationRange range)
            ? Duration.Format(ToMilliseconds(range.Min == range.Max ? range.Min : random.Uniform(range.Min, range.Max)))
            : throw new ArgumentException($"{Name}: {Check(text)}", nameof(text));

    /// <summary>A value that was given exactly stays exact; the fractions of a drawn one are of no use to anybody.</summary>
    private static TimeSpan ToMilliseconds(TimeSpan time) =>
        time.Ticks < TimeSpan.TicksPerMillisecond ? time : new TimeSpan(time.Ticks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond);
}

/// <summary>A whole number, or a range of them.</summary>
public sealed class CountParameter(string name, string doc, int least, int most, string standard) : FaultParameter(name, doc, standard)
{
    public override string Bounds => string.Create(CultureInfo.InvariantCulture, $"{least} to {most}");

    public override string? Check(string text) =>
        !CountRange.TryParse(text, out CountRange range) ? $"expected a whole number such as 3, or a range such as 1-5, found '{text}'"
        : range.Min > range.Max ? $"{text} ends before it begins"
        : range.Min < least || range.Max > most ? $"{text} is not within {Bounds}"
        : null;

    public override string Draw(string text, RandomStream random) =>
        CountRange.TryParse(text, out CountRange range)
            ? (range.Min + random.Next(range.Max - range.Min + 1)).ToString(CultureInfo.InvariantCulture)
            : throw new ArgumentException($"{Name}: {Check(text)}", nameof(text));
}

/// <summary>A number, or a range of them. Drawn to the hundredth.</summary>
public sealed class NumberParameter(string name, string doc, double least, double most, string standard) : FaultParameter(name, doc, standard)
{
    public override string Bounds => string.Create(CultureInfo.InvariantCulture, $"{least} to {most}");

    public override string? Check(string text) =>
        !TryParse(text, out double low, out double high) ? $"expected a number such as 0.5, or a range such as 3-10, found '{text}'"
        : low > high ? $"{text} ends before it begins"
        : low < least || high > most ? $"{text} is not within {Bounds}"
        : null;

    public override string Draw(string text, RandomStream random)
    {
        if (!TryParse(text, out double low, out double high))
        {
            throw new ArgumentException($"{Name}: {Check(text)}", nameof(text));
        }

        double drawn = low == high ? low : Math.Clamp(Math.Round(low + (random.NextDouble() * (high - low)), 2), low, high);
        return drawn.ToString(CultureInfo.InvariantCulture);
    }

    private static bool TryParse(string text, out double low, out double high)
    {
        string[] ends = text.Split('-', StringSplitOptions.TrimEntries);
        high = 0;
        return double.TryParse(ends[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out low)
            && double.TryParse(ends[^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out high)
            && ends.Length <= 2;
    }
}

/// <summary>One of a few words, or that the seed draws one.</summary>
public sealed class WordParameter(string name, string doc, string standard, ImmutableArray<string> words) : FaultParameter(name, doc, standard)
{
    /// <summary>Unless said, the seed draws one.</summary>
    public WordParameter(string name, string doc, params ImmutableArray<string> words)
        : this(name, doc, AnyOf, words)
    {
    }

    public const string AnyOf = "any";

    public ImmutableArray<string> Words => words;

    public override string Bounds => $"{string.Join(", ", words)} or {AnyOf}";

    public override string? Check(string text) => text == AnyOf || words.Contains(text) ? null : $"expected {Bounds}, found '{text}'";

    public override string Draw(string text, RandomStream random) =>
        Check(text) is { } problem ? throw new ArgumentException($"{Name}: {problem}", nameof(text))
        : text == AnyOf ? words[random.Next(words.Length)]
        : text;
}

/// <summary>Yes or no; no unless said.</summary>
public sealed class FlagParameter(string name, string doc) : FaultParameter(name, doc, "false")
{
    public override string Bounds => "true or false";

    public override string? Check(string text) => text is "true" or "false" ? null : $"expected {Bounds}, found '{text}'";

    public override string Draw(string text, RandomStream random) =>
        Check(text) is { } problem ? throw new ArgumentException($"{Name}: {problem}", nameof(text)) : text;
}
