using System.Text.Encodings.Web;
using System.Text.Json;

namespace Simulation.History;

/// <summary>All the evidence of a verdict, one JSON object a line: <c>violations.jsonl</c> in the run's folder.</summary>
public sealed class EvidenceFile : IDisposable
{
    private readonly FileStream _file;
    private readonly Utf8JsonWriter _json;

    public EvidenceFile(string path)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 64 * 1024);
        _json = new Utf8JsonWriter(_file, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public void Write(Evidence evidence)
    {
        _json.WriteStartObject();
        _json.WriteString("class", VerdictText.NameOf(evidence.Class));
        _json.WriteNumber("partition", evidence.Message.Partition);
        _json.WriteNumber("sequence", evidence.Message.Sequence);
        if (evidence.Where is { } where)
        {
            _json.WriteString("where", where);
        }

        _json.WriteStartArray("records");
        foreach (EvidenceRecord record in evidence.Records)
        {
            JsonLinesExporter.WriteRecord(_json, record.Participant, record.Record);
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _file.WriteByte((byte)'\n');
    }

    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }
}
