using System.Text.Json;

namespace Simulation.History;

/// <summary>All the evidence of a verdict, one JSON object a line: <c>violations.jsonl</c> in the run's folder.</summary>
public sealed class EvidenceFile : IDisposable
{
    private readonly FileStream _file;
    private readonly JsonLines _lines;

    public EvidenceFile(string path)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        _lines = new JsonLines(_file);
    }

    public void Write(Evidence evidence)
    {
        Utf8JsonWriter json = _lines.Json;
        json.WriteStartObject();
        json.WriteString("class", VerdictText.NameOf(evidence.Class));
        json.WriteNumber("partition", evidence.Message.Partition);
        json.WriteNumber("sequence", evidence.Message.Sequence);
        if (evidence.Where is { } where)
        {
            json.WriteString("where", where);
        }

        json.WriteStartArray("records");
        foreach (EvidenceRecord record in evidence.Records)
        {
            JsonLinesExporter.WriteRecord(json, record.Participant, record.Record);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        _lines.EndLine();
    }

    public void Dispose()
    {
        _lines.Dispose();
        _file.Dispose();
    }
}
