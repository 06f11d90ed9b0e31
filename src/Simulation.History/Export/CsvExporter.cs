using System.Globalization;
using System.Text;

namespace Simulation.History;

internal sealed class CsvExporter : IRecordExporter
{
    private readonly StreamWriter _output;

    public CsvExporter(Stream output)
    {
        _output = new StreamWriter(output, new UTF8Encoding(false), 64 * 1024, leaveOpen: true) { NewLine = "\r\n" };
        _output.WriteLine("time,participant,type,partition,sequence,stream_sequence,intended_at,attempt,delivery_count,duplicate,value,faults,text");
    }

    public void Write(string participant, in HistoryRecord record)
    {
        var fields = new RecordFields(record);
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{record.Time},{participant},{record.Type},{fields.Partition},{fields.Sequence},{fields.StreamSequence},{fields.IntendedAt},{fields.Attempt},{fields.DeliveryCount},{(fields.IsDuplicate is bool duplicate ? duplicate ? "true" : "false" : "")},{fields.Value},{Quoted(fields.Faults)},{Quoted(record.Text)}"));
    }

    public void Dispose() => _output.Dispose();

    private static string Quoted(string? text) =>
        text is null ? "" : text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
