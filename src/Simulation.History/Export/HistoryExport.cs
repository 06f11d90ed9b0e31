namespace Simulation.History;

/// <summary>Writes a whole history for other checkers, in its order of time, record by record: its size does not matter.</summary>
public static class HistoryExport
{
    /// <returns>What came before, and was compacted: it cannot be had any more. Null for nothing.</returns>
    public static HistoryBase? Write(IHistoryStore store, ExportFormat format, Stream output)
    {
        using IRecordExporter exporter = format switch
        {
            ExportFormat.JsonLines => new JsonLinesExporter(output),
            ExportFormat.Csv => new CsvExporter(output),
            ExportFormat.Edn => new EdnExporter(output),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
        };
        using LogMerge merge = LogMerge.Of(store, out HistoryBase? compacted, out _);
        merge.Refresh(isFinal: true);
        while (merge.Next(long.MaxValue) is { } log)
        {
            exporter.Write(log.Reader.Participant, log.Record);
            merge.Consume();
        }

        return compacted;
    }
}

internal interface IRecordExporter : IDisposable
{
    void Write(string participant, in HistoryRecord record);
}
