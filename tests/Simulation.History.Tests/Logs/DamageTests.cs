namespace Simulation.History.Tests.Logs;

/// <summary>What happens to files: a reader reports it, with the place, and reads what is still good.</summary>
public sealed class DamageTests : IDisposable
{
    private const int Records = 14;

    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("history-damage-").FullName;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_AnyByteOfALogFlipped_IsReportedAndCostsAtMostOneRecord(bool closed)
    {
        string path = WriteLog(closed);
        byte[] good = File.ReadAllBytes(path);
        int end = closed ? good.Length : EndOfRecords(good);
        for (int offset = 0; offset < end; offset++)
        {
            byte[] bad = [.. good];
            bad[offset] ^= 0x10;
            File.WriteAllBytes(path, bad);
            (List<HistoryRecord> records, IReadOnlyList<LogDamage> damages) = Read();

            Assert.NotEmpty(damages);
            Assert.Equal(path, damages[0].Place);
            Assert.InRange(offset, damages[0].Offset, damages[0].Offset + LogFormat.MaxRecord);
            Assert.InRange(records.Count, Records - 1, Records);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_CutShortAnywhere_IsReported(bool closed)
    {
        string path = WriteLog(closed);
        byte[] good = File.ReadAllBytes(path);
        int end = closed ? good.Length : EndOfRecords(good) + 8;
        for (int length = 0; length < end; length++)
        {
            File.WriteAllBytes(path, good[..length]);
            Assert.NotEmpty(Read().Damages);
        }
    }

    [Fact]
    public void Read_RecordsOverwrittenWithZeroes_AreReported()
    {
        string path = WriteLog(closed: false);
        byte[] bytes = File.ReadAllBytes(path);
        int middle = (EndOfRecords(bytes) / 2) & ~7;
        bytes.AsSpan(middle, 96).Clear();
        File.WriteAllBytes(path, bytes);

        (List<HistoryRecord> records, IReadOnlyList<LogDamage> damages) = Read();

        Assert.NotEmpty(damages);
        Assert.InRange(records.Count, Records - 4, Records - 2);
        Assert.Equal(Records, records[^1].Sequence);
    }

    [Fact]
    public void Read_KilledInTheMiddleOfAnAppend_IsNoDamage()
    {
        string path = WriteLog(closed: false);
        byte[] bytes = File.ReadAllBytes(path);
        bytes.AsSpan(EndOfRecords(bytes) + 8, 48).Fill(0xAB); // Body written, length not yet.
        File.WriteAllBytes(path, bytes);

        (List<HistoryRecord> records, IReadOnlyList<LogDamage> damages) = Read();

        Assert.Empty(damages);
        Assert.Equal(Records, records.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Read_ASegmentIsMissing_IsReported(int number)
    {
        using (HistoryWriter writer = Store().Create("p", ParticipantKind.Producer))
        {
            for (int i = 0; i < 20_000; i++)
            {
                writer.Intent(Now, new MessageId(0, i), i, Now, 1, 1, 1);
            }
        }

        string[] segments = [.. Directory.EnumerateFiles(Path.Combine(_folder, "p")).Order(StringComparer.Ordinal)];
        Assert.Equal(3, segments.Length);
        File.Delete(segments[number - 1]);

        Assert.NotEmpty(Read().Damages);
    }

    [Fact]
    public void Read_ALogOfAnotherRun_IsReported()
    {
        WriteLog(closed: true);
        using HistoryReader reader = new FileHistoryStore(_folder, "another").Read("p");
        reader.IsFinal = true;
        LogTests.All(reader);

        Assert.Contains("run run", Assert.Single(reader.Damages).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_DamagedLog_IsInconclusiveAndNeverBlamesTheServer()
    {
        var message = new MessageId(0, 1);
        FileHistoryStore store = Store();
        using (HistoryWriter producer = store.Create("producer", ParticipantKind.Producer))
        using (HistoryWriter worker = store.Create("worker", ParticipantKind.Worker))
        using (HistoryWriter reader = store.Create("reader", ParticipantKind.Reader))
        {
            producer.Intent(Now, message, 1, Now, 1, 1, 1);
            producer.Acknowledged(Now, message, 1, false);
            worker.Delivered(Now.AddSeconds(1), message, 1, 1, 1, Now);
            worker.Processed(Now.AddSeconds(1), message, 1, 1);
            reader.DrainFinished(Now.AddSeconds(2));
            reader.FinalReadCompleted(Now.AddSeconds(2), 0, 0, 0);
        }

        Assert.Equal(VerdictOutcome.Passed, Checker.Check(_folder).Outcome);
        string path = Path.Combine(_folder, "worker", "000001.hist");
        byte[] bytes = File.ReadAllBytes(path);
        bytes.AsSpan(64, 96).Fill(0xFF);
        File.WriteAllBytes(path, bytes);
        Verdict verdict = Checker.Check(_folder);

        Assert.Equal(VerdictOutcome.Inconclusive, verdict.Outcome);
        Assert.Equal(1, verdict.Count(VerdictClass.Lost));
        Assert.Contains(verdict.Doubts, doubt => doubt.Text.Contains(path, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private FileHistoryStore Store() => new(_folder, "run");

    private string WriteLog(bool closed)
    {
        var segments = new FileSegments(Path.Combine(_folder, "p"));
        var writer = new HistoryWriter(segments, "run", "p", ParticipantKind.Producer, firstSegment: 4096);
        for (int i = 1; i <= Records; i++)
        {
            writer.Acknowledged(Now, new MessageId(0, i), (ulong)i, false);
        }

        if (closed)
        {
            writer.Dispose();
        }

        return Path.Combine(_folder, "p", "000001.hist");
    }

    /// <summary>Behind the last byte that is not zero, on a record's boundary.</summary>
    private static int EndOfRecords(byte[] bytes) => LogFormat.Padded(Array.FindLastIndex(bytes, value => value != 0) + 1);

    private (List<HistoryRecord> Records, IReadOnlyList<LogDamage> Damages) Read()
    {
        using HistoryReader reader = Store().Read("p");
        reader.IsFinal = true;
        return (LogTests.All(reader), reader.Damages);
    }
}
