using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Simulation.Kernel;

/// <summary>
/// Renders a message for people: as it says itself if it has words of its own, otherwise its type and its public properties; on one line, the
/// long parts cut. For traces; not fast.
/// </summary>
internal static class OneLine
{
    private const int MaxLength = 400;
    private const int MaxText = 80;
    private const int MaxItems = 8;
    private const int MaxDepth = 4;

    internal static string Of(object subject)
    {
        StringBuilder line = new();
        Append(line, subject, 0);
        if (line.Length > MaxLength)
        {
            line.Length = MaxLength;
            line.Append('…');
        }

        return line.ToString();
    }

    private static void Append(StringBuilder line, object? value, int depth)
    {
        switch (value)
        {
            case null:
                line.Append("null");
                break;
            case string text:
                AppendText(line, text);
                break;
            case IActorRef actor:
                line.Append(actor.Path);
                break;
            case Exception error:
                line.Append(error.GetType().Name).Append(": ");
                AppendText(line, error.Message);
                break;
            case bool truth:
                line.Append(truth ? "true" : "false");
                break;
            case DateTimeOffset time:
                line.Append(time.ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture));
                break;
            case Delegate or Type:
                AppendText(line, value.ToString()!);
                break;
            case byte[] bytes:
                line.Append(CultureInfo.InvariantCulture, $"{bytes.Length} bytes");
                break;
            case ReadOnlyMemory<byte> bytes:
                line.Append(CultureInfo.InvariantCulture, $"{bytes.Length} bytes");
                break;
            case IEnumerable items:
                AppendItems(line, items, depth);
                break;
            case IFormattable simple when simple.GetType() is { IsPrimitive: true } or { IsEnum: true } or { Namespace: nameof(System) }:
                line.Append(simple.ToString(null, CultureInfo.InvariantCulture));
                break;
            case var spoken when HasWordsOfItsOwn(spoken.GetType()):
                AppendText(line, spoken.ToString() ?? "");
                break;
            default:
                AppendMembers(line, value, depth);
                break;
        }
    }

    /// <summary>What the compiler writes for a record does not count.</summary>
    private static bool HasWordsOfItsOwn(Type type) =>
        type.GetMethod(nameof(ToString), Type.EmptyTypes) is { } words
        && words.DeclaringType is { } owner && owner != typeof(object) && owner != typeof(ValueType)
        && !words.IsDefined(typeof(CompilerGeneratedAttribute), false);

    private static void AppendText(StringBuilder line, string text)
    {
        string cut = text.Length <= MaxText ? text : string.Concat(text.AsSpan(0, MaxText), "…");
        foreach (char c in cut)
        {
            line.Append(char.IsControl(c) ? ' ' : c);
        }
    }

    private static void AppendItems(StringBuilder line, IEnumerable items, int depth)
    {
        line.Append('[');
        int count = 0;
        foreach (object? item in items)
        {
            if (++count > MaxItems || depth >= MaxDepth)
            {
                line.Append(count > 1 ? ", …" : "…");
                break;
            }

            line.Append(count > 1 ? ", " : "");
            Append(line, item, depth + 1);
        }

        line.Append(']');
    }

    private static void AppendMembers(StringBuilder line, object value, int depth)
    {
        Type type = value.GetType();
        PropertyInfo[] properties = [.. type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.CanRead && property.GetIndexParameters().Length == 0)];
        line.Append(type.Name);
        if (properties.Length == 0)
        {
            return;
        }

        if (depth >= MaxDepth)
        {
            line.Append(" { … }");
            return;
        }

        line.Append(" { ");
        for (int i = 0; i < properties.Length; i++)
        {
            line.Append(i > 0 ? ", " : "").Append(properties[i].Name).Append(" = ");
            Append(line, Read(properties[i], value), depth + 1);
        }

        line.Append(" }");
    }

    private static object? Read(PropertyInfo property, object owner)
    {
        try
        {
            return property.GetValue(owner);
        }
        catch (TargetInvocationException)
        {
            return "?";         // a property that does not answer now is no reason to end a run
        }
    }
}
