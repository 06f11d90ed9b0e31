namespace Simulation.History;

/// <summary>Writes a whole history for other checkers, in its order of time, record by record: its size does not matter.</summary>
public static class HistoryExport
{
    public static void Write(IHistoryStore store, ExportFormat format, Stream output)
    {
        using IRecordExporter exporter = format switch
        {
            ExportFormat.JsonLines => new JsonLinesExporter(output),
            ExportFormat.Csv => new CsvExporter(output),
            ExportFormat.Edn => new EdnExporter(output),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
        };
        using var merge = new LogMerge(store);
        merge.Refresh(isFinal: true);
        while (merge.Next(long.MaxValue) is { } log)
        {
            exporter.Write(log.Reader.Participant, log.Record);
            merge.Consume();
        }
    }
}

internal interface IRecordExporter : IDisposable
{
    void Write(string participant, in HistoryRecord record);
}
