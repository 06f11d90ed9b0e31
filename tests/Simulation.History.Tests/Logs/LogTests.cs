namespace Simulation.History.Tests.Logs;

/// <summary>Both stores keep the same promises.</summary>
public sealed class LogTests : IDisposable
{
    private static readonly DateTimeOffset Now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("history-logs-").FullName;

    public static TheoryData<bool> BothStores => [true, false];

    [Theory]
    [MemberData(nameof(BothStores))]
    public void Read_EveryKindOfRecord_GivesItBack(bool files)
    {
        IHistoryStore store = Store(files);
        var m = new MessageId(7, 9);
        using (HistoryWriter writer = store.Create("p-1", ParticipantKind.Producer))
        {
            writer.Started(Now, 3);
            writer.Intent(Now, m, 11, Now.AddSeconds(-1), 2, 128, 0xFFFF_FFFF);
            writer.Rejected(Now, m, 10077, "maximum \u00FC exceeded");
            writer.Delivered(Now, m, 21, 22, 70_000, Now.AddSeconds(-1), MessageFaults.Checksum | MessageFaults.Identity);
            writer.FinalReadCompleted(Now, 1, ulong.MaxValue, 5);
            writer.Note(Now, new string('x', 10_000));
            writer.Heartbeat(Now);
            Assert.Equal(7, writer.Count);
        }

        using HistoryReader reader = store.Read("p-1");
        List<HistoryRecord> records = All(reader);

        long now = UnixMicroseconds.From(Now);
        Assert.Equal(new HistoryRecord { Type = RecordType.Started, Partition = -1, Time = now, A = 3, Text = "run" }, records[0]);
        Assert.Equal(new HistoryRecord { Type = RecordType.Intent, Partition = 7, Time = now, Count = 2, A = 9, B = 11, C = now - 1_000_000, D = (128L << 32) | 0xFFFF_FFFF }, records[1]);
        Assert.Equal(new HistoryRecord { Type = RecordType.Rejected, Partition = 7, Time = now, A = 9, B = 10077, Text = "maximum \u00FC exceeded" }, records[2]);
        Assert.Equal(new HistoryRecord { Type = RecordType.Delivered, Partition = 7, Time = now, Count = 65535, Flags = 5, A = 9, B = 21, C = now - 1_000_000, D = 22 }, records[3]);
        Assert.Equal(ulong.MaxValue, (ulong)records[4].B);
        Assert.Equal(4040, records[5].Text!.Length);
        Assert.Equal(RecordType.Heartbeat, records[6].Type);
        Assert.Equal(Now, records[6].At);
        Assert.True(reader.IsClosed);
        Assert.Equal(ParticipantKind.Producer, reader.Kind);
        Assert.Empty(reader.Damages);
    }

    [Theory]
    [MemberData(nameof(BothStores))]
    public void TryRead_WhileItIsWritten_GivesEachRecordOnce(bool files)
    {
        IHistoryStore store = Store(files);
        using HistoryWriter writer = store.Create("p", ParticipantKind.Producer);
        using HistoryReader reader = store.Read("p");
        long read = 0;
        for (long written = 0; written < 30_000; written++)
        {
            writer.Intent(Now, new MessageId(0, written), 0, Now, 1, 0, 0); // Over several segments.
            if (written % 97 == 0)
            {
                foreach (HistoryRecord record in All(reader))
                {
                    Assert.Equal(read++, record.Sequence);
                }

                Assert.Equal(written + 1, read);
            }
        }

        Assert.False(reader.IsClosed);
        writer.Dispose();
        All(reader);
        Assert.True(reader.IsClosed);
    }

    /// <summary>Of a long run, most logs are those of workers that were replaced long ago.</summary>
    [Theory]
    [MemberData(nameof(BothStores))]
    public void Advance_NothingNewForLong_TheFileIsClosedAndWhatComesIsStillRead(bool files)
    {
        IHistoryStore store = Store(files);
        using HistoryWriter writer = store.Create("w", ParticipantKind.Worker);
        using var tail = new LiveTail(store);
        for (int round = 1; round <= 3; round++)
        {
            writer.Note(Now, "here");
            Assert.Equal(1, tail.Advance(Now.AddSeconds(1)));
            int open = OpenHere();
            for (int look = 0; look < 200; look++)
            {
                Assert.Equal(0, tail.Advance(Now.AddSeconds(1)));
            }

            Assert.Equal(files && OperatingSystem.IsLinux() ? open - 1 : open, OpenHere());
        }

        writer.Dispose();
        Assert.Empty(tail.Finish());
        Assert.Equal(3, tail.Fold.Records);
    }

    /// <returns>How many descriptors of this process are of files below the test's folder.</returns>
    private int OpenHere() => !OperatingSystem.IsLinux() ? 0 : Directory.EnumerateFiles("/proc/self/fd")
        .Count(descriptor => new FileInfo(descriptor).LinkTarget?.StartsWith(_folder, StringComparison.Ordinal) == true);

    [Theory]
    [MemberData(nameof(BothStores))]
    public void Create_AfterAWriterWasAbandoned_GoesOnInTheSameLog(bool files)
    {
        IHistoryStore store = Store(files);
        using HistoryReader live = store.Read("w");
        store.Create("w", ParticipantKind.Worker).Started(Now, 1);
        Assert.Single(All(live));
        using (HistoryWriter second = store.Create("w", ParticipantKind.Worker))
        {
            second.Started(Now, 2);
        }

        Assert.Single(All(live));
        using HistoryReader reader = store.Read("w");
        reader.IsFinal = true;
        Assert.Equal([1L, 2L], All(reader).Select(record => record.A));
        Assert.Empty(reader.Damages);
        Assert.True(reader.IsClosed);
    }

    [Fact]
    public void Append_WhenWarm_AllocatesNothing()
    {
        using HistoryWriter writer = Store(files: true).Create("p", ParticipantKind.Producer);
        long before = 0;
        for (int i = 0; i < 1_000; i++)
        {
            if (i == 10)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            writer.Intent(Now, new MessageId(0, i), i, Now, 1, 128, 7);
            writer.Unknown(Now, new MessageId(0, i), "ConnectionLost");
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [SkippableFact]
    public void Create_DiskIsFull_ThrowsAndLeavesNothing()
    {
        string? small = SmallFileSystem();
        Skip.If(small is null, "no writable file system with less than 2 GB of room");
        string folder = Path.Combine(small!, Path.GetFileName(_folder));
        try
        {
            var segments = new FileSegments(folder);
            var error = Assert.Throws<IOException>(() => new HistoryWriter(segments, "run", "p", ParticipantKind.Producer, int.MaxValue));
            Assert.Contains("000001.hist", error.Message, StringComparison.Ordinal);
            Assert.Equal(0, segments.Last);
            Assert.Empty(Directory.EnumerateFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("../p")]
    [InlineData(".p")]
    [InlineData("a/b")]
    public void Create_NameThatIsNoFolder_Throws(string name) =>
        Assert.Throws<ArgumentException>(() => Store(files: true).Create(name, ParticipantKind.Producer));

    [Fact]
    public void Open_FolderWithoutHistory_SaysWhatItLooksFor()
    {
        var error = Assert.Throws<DirectoryNotFoundException>(() => RunHistory.Open(_folder));
        Assert.Contains("holds no history", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    internal static List<HistoryRecord> All(HistoryReader reader)
    {
        var records = new List<HistoryRecord>();
        while (reader.TryRead(out HistoryRecord record))
        {
            records.Add(record);
        }

        return records;
    }

    /// <summary>Shared memory has 64 MB in many containers; elsewhere name a small file system in the environment.</summary>
    private static string? SmallFileSystem()
    {
        string folder = Environment.GetEnvironmentVariable("SIMULATION_SMALL_FILE_SYSTEM") ?? "/dev/shm";
        return Directory.Exists(folder) && new DriveInfo(folder).AvailableFreeSpace is > 0 and < int.MaxValue - 4096 ? folder : null;
    }

    private IHistoryStore Store(bool files) =>
        files ? new FileHistoryStore(Path.Combine(_folder, RunHistory.FolderName), "run") : new MemoryHistoryStore("run");
}
