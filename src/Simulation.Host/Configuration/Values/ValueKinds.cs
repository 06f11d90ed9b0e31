using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Simulation.Chaos;
using Simulation.Host.Thresholds;
using Simulation.Kernel;

namespace Simulation.Host.Configuration.Values;

/// <summary>The kinds of value that keys may have, by their CLR type.</summary>
internal static partial class ValueKinds
{
    private const NumberStyles Whole = NumberStyles.AllowLeadingSign;

    public static readonly ValueKind Number = new ScalarKind<double>(
        "a number",
        (string text, out double value) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value),
        WriteNumber);

    public static readonly ValueKind Duration = new ScalarKind<TimeSpan>(
        "a duration such as 250ms, 10s, 5m, 12h or 1h30m", Kernel.Duration.TryParse, Kernel.Duration.Format)
    {
        Hint = text => text.All(char.IsAsciiDigit) ? $"; the unit is missing, for example {text}s" : "",
    };

    private static readonly Dictionary<Type, ValueKind> ByType = new()
    {
        [typeof(double)] = Number,
        [typeof(TimeSpan)] = Duration,
        [typeof(int)] = new ScalarKind<int>(
            "a whole number",
            (string text, out int value) => int.TryParse(text, Whole, CultureInfo.InvariantCulture, out value),
            value => value.ToString(CultureInfo.InvariantCulture)),
        [typeof(ulong)] = new ScalarKind<ulong>(
            "a whole number from 0 on",
            (string text, out ulong value) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value),
            value => value.ToString(CultureInfo.InvariantCulture)),
        [typeof(bool)] = new ScalarKind<bool>("true or false", TryParseBool, value => value ? "true" : "false")
        {
            Hint = text => text.ToLowerInvariant() switch
            {
                "yes" or "on" or "1" => "; did you mean 'true'?",
                "no" or "off" or "0" => "; did you mean 'false'?",
                _ => "",
            },
        },
        [typeof(string)] = new ScalarKind<string>("a text", TryParseText, Quote) { IsText = true },
        [typeof(ByteSize)] = new ScalarKind<ByteSize>("a size such as 512KB, 10GB or 64MiB", ByteSize.TryParse, size => size.ToString())
        {
            Hint = text => text.All(char.IsAsciiDigit) ? $"; the unit is missing, for example {text}B" : "",
        },
        [typeof(DurationRange)] = new ScalarKind<DurationRange>(
            "a range of durations such as 10-30m or 30s-60s", DurationRange.TryParse, range => range.ToString(),
            range => range.Min, range => range.Max),
        [typeof(CountRange)] = new ScalarKind<CountRange>(
            "a range of whole numbers such as 5-9", CountRange.TryParse, range => range.ToString(), range => range.Min, range => range.Max),
        [typeof(ImmutableArray<FaultChoice>)] = new ChaosEventsKind(),
        [typeof(ImmutableArray<ScheduledFault>)] = new ScheduledEventsKind(),
    };

    /// <summary>Its own fields are values too, so it is made when somebody asks for it.</summary>
    private static readonly Lazy<ValueKind> Thresholds = new(() => new ThresholdsKind());

    /// <returns>Null when the type is no value but a section.</returns>
    public static ValueKind? Find(Type type)
    {
        Type value = Nullable.GetUnderlyingType(type) ?? type;
        return value == typeof(ImmutableArray<Threshold>) ? Thresholds.Value
            : value.IsEnum ? (ValueKind)EnumOf.MakeGenericMethod(value).Invoke(null, null)! : ByType.GetValueOrDefault(value);
    }

    /// <summary>A text as YAML reads it back: in quotes when it would be read as something else.</summary>
    public static string Quote(string text) => Plain().IsMatch(text) ? text : $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";

    private static readonly System.Reflection.MethodInfo EnumOf =
        typeof(ValueKinds).GetMethod(nameof(OneOf), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!;

    private static ScalarKind<T> OneOf<T>()
        where T : struct, Enum
    {
        Dictionary<string, T> members = Enum.GetValues<T>().ToDictionary(Words.Spell);
        return new ScalarKind<T>($"{(members.Count > 1 ? "one of " : "")}{string.Join(", ", members.Keys)}", members.TryGetValue, Words.Spell)
        {
            Hint = text => Suggestion.Phrase(text, members.Keys),
        };
    }

    /// <summary>Without an exponent where people would write none.</summary>
    private static string WriteNumber(double value)
    {
        bool isOrdinary = Math.Abs(value) is 0 or (>= 1e-9 and < 1e15) && (double)(decimal)value == value;
        return isOrdinary
            ? ((decimal)value).ToString("0.###################", CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);
    }

    private static bool TryParseBool(string text, out bool value)
    {
        value = text == "true";
        return text is "true" or "false";
    }

    private static bool TryParseText(string text, out string value)
    {
        value = text;
        return text.Length > 0;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_./][A-Za-z0-9_./ -]*(:[/0-9][A-Za-z0-9_./-]*)*$")]
    private static partial Regex Plain();
}
