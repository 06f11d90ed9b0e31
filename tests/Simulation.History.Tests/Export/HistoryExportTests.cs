using System.Text;
using System.Text.Json;
using static Simulation.History.Tests.Story;

namespace Simulation.History.Tests.Export;

public sealed class HistoryExportTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddSeconds(1);

    [Fact]
    public void Write_JsonLines_OneObjectALine()
    {
        string[] lines = Export(ExportFormat.JsonLines);

        JsonElement delivered = JsonDocument.Parse(lines[2]).RootElement;
        Assert.Equal("delivered", delivered.GetProperty("type").GetString());
        Assert.Equal(17, delivered.GetProperty("stream_sequence").GetInt64());
        Assert.Equal("checksum, identity", delivered.GetProperty("faults").GetString());
        Assert.All(lines, line => JsonDocument.Parse(line));
    }

    [Fact]
    public void Write_Csv_QuotesWhatNeedsIt()
    {
        string[] lines = Export(ExportFormat.Csv);

        Assert.StartsWith("time,participant,type,partition,sequence,stream_sequence", lines[0], StringComparison.Ordinal);
        Assert.Equal("1000003,producer,Rejected,0,2,,,,,,503,,\"no \"\"room\"\", sorry\"\r", lines[4]);
    }

    [Fact]
    public void Write_Edn_GivesEveryOperationInFlightAProcessOfItsOwn()
    {
        string[] lines = Export(ExportFormat.Edn);

        Assert.Equal("{:index 0, :type :invoke, :process 0, :f :enqueue, :value [0 1], :time 1000000000}", lines[0]);
        Assert.Equal("{:index 1, :type :invoke, :process 1, :f :enqueue, :value [0 2], :time 1000001000}", lines[1]);
        Assert.Equal("{:index 2, :type :fail, :process 1, :f :enqueue, :value [0 2], :time 1000003000}", lines[2]);
        Assert.Equal("{:index 3, :type :ok, :process 0, :f :enqueue, :value [0 1], :time 1000004000}", lines[3]);
    }

    private static string[] Export(ExportFormat format)
    {
        var store = new MemoryHistoryStore("run");
        using (HistoryWriter producer = store.Create("producer", ParticipantKind.Producer))
        using (HistoryWriter worker = store.Create("worker", ParticipantKind.Worker))
        {
            producer.Intent(Now, M(0, 1), 1, Now, 1, 128, 7);
            producer.Intent(Now.AddMicroseconds(1), M(0, 2), 2, Now, 1, 128, 7);
            worker.Delivered(Now.AddMicroseconds(2), M(0, 1), 17, 1, 1, Now, MessageFaults.Checksum | MessageFaults.Identity);
            producer.Rejected(Now.AddMicroseconds(3), M(0, 2), 503, "no \"room\", sorry");
            producer.Acknowledged(Now.AddMicroseconds(4), M(0, 1), 17, false);
        }

        using var output = new MemoryStream();
        HistoryExport.Write(store, format, output);
        return Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Split('\n');
    }
}
