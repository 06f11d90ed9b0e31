using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Simulation.Nats.JetStream;

/// <summary>Reads and writes the shapes that JetStream's JSON is made of; what is missing reads as its default.</summary>
internal static class JsonFields
{
    public static string? Text(this JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static long Number(this JsonElement parent, string name, long missing = 0) =>
        parent.TryGetProperty(name, out JsonElement value) ? value.GetInt64() : missing;

    public static ulong Sequence(this JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) ? value.GetUInt64() : 0;

    public static bool Flag(this JsonElement parent, string name) => parent.TryGetProperty(name, out JsonElement value) && value.GetBoolean();

    public static TimeSpan Duration(this JsonElement parent, string name) => FromNanoseconds(parent.Number(name));

    public static DateTimeOffset Time(this JsonElement parent, string name) =>
        parent.Text(name) is { } text
            ? DateTimeOffset.Parse(CutToTicks(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            : default;

    public static ImmutableArray<string> Texts(this JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(item => item.GetString() ?? "")]
            : [];

    public static TimeSpan FromNanoseconds(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);

    public static void WriteDuration(this Utf8JsonWriter json, string name, TimeSpan duration) =>
        json.WriteNumber(name, duration.Ticks * TimeSpan.NanosecondsPerTick);

    public static void WriteTexts(this Utf8JsonWriter json, string name, ImmutableArray<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    /// <summary>Servers write nanoseconds. The parser would round them, but deliveries cut them: one message has one time.</summary>
    private static string CutToTicks(string time)
    {
        const int TickDigits = 7;
        int fraction = time.IndexOf('.') + 1;
        int end = fraction;
        while (fraction > 0 && end < time.Length && char.IsAsciiDigit(time[end]))
        {
            end++;
        }

        return end - fraction > TickDigits ? time.Remove(fraction + TickDigits, end - fraction - TickDigits) : time;
    }
}
