using System.Text.Json;

namespace Simulation.History;

internal sealed class JsonLinesExporter(Stream output) : IRecordExporter
{
    private readonly JsonLines _lines = new(output);

    public void Write(string participant, in HistoryRecord record)
    {
        WriteRecord(_lines.Json, participant, record);
        _lines.EndLine();
    }

    public void Dispose() => _lines.Dispose();

    internal static void WriteRecord(Utf8JsonWriter json, string participant, in HistoryRecord record)
    {
        var fields = new RecordFields(record);
        json.WriteStartObject();
        json.WriteNumber("time", record.Time);
        json.WriteString("participant", participant);
        json.WriteString("type", JsonNamingPolicy.SnakeCaseLower.ConvertName(record.Type.ToString()));
        Number(json, "partition", fields.Partition);
        Number(json, "sequence", fields.Sequence);
        Number(json, "stream_sequence", (long?)fields.StreamSequence);
        Number(json, "intended_at", fields.IntendedAt);
        Number(json, "attempt", fields.Attempt);
        Number(json, "delivery_count", fields.DeliveryCount);
        if (fields.IsDuplicate is bool duplicate)
        {
            json.WriteBoolean("duplicate", duplicate);
        }

        Number(json, "value", fields.Value);
        Text(json, "faults", fields.Faults);
        Text(json, "text", record.Text);
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is long number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
