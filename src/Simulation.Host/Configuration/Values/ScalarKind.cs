using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Simulation.Host.Configuration.Values;

internal delegate bool TryParse<T>(string text, out T value);

/// <summary>A value that is one word.</summary>
/// <param name="expected">What it is, in words.</param>
/// <param name="tryParse">Text to value.</param>
/// <param name="write">Value to text.</param>
/// <param name="low">What is compared with a lower bound.</param>
/// <param name="high">What is compared with an upper bound.</param>
internal sealed class ScalarKind<T>(
    string expected, TryParse<T> tryParse, Func<T, string> write, Func<T, IComparable>? low = null, Func<T, IComparable>? high = null)
    : ValueKind
    where T : notnull
{
    public override string Expected => expected;

    /// <summary>What to say about a word that is not understood, behind "expected …, found …".</summary>
    public Func<string, string> Hint { get; init; } = _ => "";

    /// <summary>May be quoted. Anything else in quotes is a string, and so of the wrong type.</summary>
    public bool IsText { get; init; }

    public override object? Read(YamlNode node, Complain complain)
    {
        if (node is not YamlScalarNode { Value: { } text } scalar)
        {
            complain(node, $"expected {Expected}, found a {(node is YamlSequenceNode ? "list" : "section")}");
            return null;
        }

        bool quoted = scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted;
        if (quoted && !IsText && tryParse(text, out _))
        {
            complain(node, $"expected {Expected}, found the string \"{text}\"; remove the quotes");
            return null;
        }

        if (!tryParse(text, out T value))
        {
            complain(node, $"expected {Expected}, found '{text}'{Hint(text)}");
            return null;
        }

        if (low is not null && high is not null && low(value).CompareTo(high(value)) > 0)
        {
            complain(node, $"expected {Expected}, found '{text}', which ends before it begins");
            return null;
        }

        return value;
    }

    public override string Write(object value) => write((T)value);

    public override bool IsBelow(object value, object bound) => Compare(value, bound, low) < 0;

    public override bool IsAbove(object value, object bound) => Compare(value, bound, high) > 0;

    private static int Compare(object value, object bound, Func<T, IComparable>? end) => end is null
        ? Comparer<T>.Default.Compare((T)value, (T)bound)
        : end((T)value).CompareTo(end((T)bound));
}
