using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Simulation.Host.Reports.Html;

/// <summary>
/// HTML that is being written. What is put into a hole of an interpolated string is text and gets encoded, whatever it holds; only
/// <see cref="Markup"/> is taken as it is.
/// </summary>
internal sealed class Markup
{
    private readonly StringBuilder _text = new();

    public static Markup Of(Handler html)
    {
        var markup = new Markup();
        markup.Add(html);
        return markup;
    }

    /// <summary>Of a source that is ours: a style sheet, a script.</summary>
    public static Markup Raw(string html)
    {
        var markup = new Markup();
        markup._text.Append(html);
        return markup;
    }

    public static Markup Join<T>(IEnumerable<T> items, Func<T, Markup> each)
    {
        var markup = new Markup();
        foreach (T item in items)
        {
            markup._text.Append(each(item)._text);
        }

        return markup;
    }

    public Markup Add(Handler html)
    {
        _text.Append(html.Text);
        return this;
    }

    public override string ToString() => _text.ToString();

    [InterpolatedStringHandler]
    public readonly struct Handler(int literalLength, int formattedCount)
    {
        internal StringBuilder Text { get; } = new(literalLength + (formattedCount * 16));

        public void AppendLiteral(string html) => Text.Append(html);

        public void AppendFormatted(Markup? markup) => Text.Append(markup?._text);

        public void AppendFormatted<T>(T value, string format)
            where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

        public void AppendFormatted<T>(T value) => Text.Append(WebUtility.HtmlEncode(Convert.ToString(value, CultureInfo.InvariantCulture)));
    }
}
