using System.Diagnostics;
using System.Globalization;
using Simulation.History;

namespace Simulation.Benchmarks.Tracker;

/// <summary>
/// What it costs to record and to judge: a run of 1500 partitions, 10 producers and 100 workers, six records a message and one for the
/// final read, written to files, read back merged, folded. One thread, medians of five. Times are processor time of the whole process
/// (user and system), so that a busy machine does not change them much.
/// </summary>
internal static class TrackerBenchmark
{
    private const int Messages = 1_000_000;
    private const int Partitions = 1500;
    private const int Producers = 10;
    private const int Workers = 100;
    private const int Rounds = 5;

    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(56);

    public static int Run() => In(Measure);

    /// <summary>Of the checkpoint alone.</summary>
    public static int RunSnapshot() => In(SnapshotCost);

    private static int In(Action<string> measure)
    {
        string folder = Directory.CreateTempSubdirectory("tracker-benchmark-").FullName;
        try
        {
            measure(folder);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string folder)
    {
        var append = new List<double>();
        var judge = new List<double>();
        var fold = new List<double>();
        var merge = new List<double>();
        long records = 0;
        long bytes = 0;
        long allocated = 0;
        for (int round = 0; round <= Rounds; round++)
        {
            string run = Path.Combine(folder, round.ToString(CultureInfo.InvariantCulture));
            var store = new FileHistoryStore(Path.Combine(run, RunHistory.FolderName), "benchmark");
            (records, double appendNs, allocated) = Write(store);
            bytes = Directory.EnumerateFiles(run, "*", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length);
            double mergeNs = Timed(records, () => ReadMerged(store));
            HistoryRecord[] sample = Sample(store, 4_000_000);
            double foldNs = Timed(sample.Length, () => FoldAll(sample));
            double judgeNs = Timed(records, () => Judge(store));
            Directory.Delete(run, recursive: true);
            if (round > 0) // The first one warms up.
            {
                append.Add(appendNs);
                merge.Add(mergeNs);
                fold.Add(foldNs);
                judge.Add(judgeNs);
            }
        }

        Console.WriteLine($"records                 {records:N0}, {bytes / (double)Messages:F0} bytes a message in {bytes / 1_048_576:N0} MiB");
        Line("append, to files", append);
        Console.WriteLine($"                        {allocated / (double)records:F3} bytes allocated a record");
        Line("read and merge 112 logs", merge);
        Line("fold alone", fold);
        Line("read, merge and fold", judge);
        SnapshotCost(folder);
        Console.WriteLine($"memory of the fold      {FoldMemory():N0} bytes a partition");
    }

    private static void Line(string what, List<double> nanoseconds)
    {
        nanoseconds.Sort();
        double median = nanoseconds[nanoseconds.Count / 2];
        Console.WriteLine($"{what,-23} {median,6:F1} ns a record, {1000 / median,5:F1} million a second   ({nanoseconds[0]:F1} to {nanoseconds[^1]:F1} ns)");
    }

    private static (long Records, double Nanoseconds, long Allocated) Write(IHistoryStore store, int messages = Messages)
    {
        DateTimeOffset now = Start;
        HistoryWriter[] producers = [.. Enumerable.Range(0, Producers).Select(i => store.Create($"producer-{i}", ParticipantKind.Producer))];
        HistoryWriter[] workers = [.. Enumerable.Range(0, Workers).Select(i => store.Create($"worker-{i}", ParticipantKind.Worker))];
        using HistoryWriter reader = store.Create("reader", ParticipantKind.Reader);
        using HistoryWriter coordinator = store.Create("coordinator", ParticipantKind.Coordinator);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan started = ProcessorTime();

        // Messages are worked on a hundred behind the latest one that was sent: something is always in flight.
        for (int i = 0; i < messages + 100; i++)
        {
            now = now.AddMicroseconds(10);
            if (i < messages)
            {
                MessageId sent = Id(i);
                HistoryWriter producer = producers[sent.Partition * Producers / Partitions];
                producer.Intent(now, sent, i, now, 1, 128, 7);
                producer.Acknowledged(now.AddMicroseconds(3), sent, (ulong)i + 1, false);
            }

            if (i >= 100)
            {
                MessageId done = Id(i - 100);
                ulong at = (ulong)(i - 99);
                HistoryWriter worker = workers[done.Partition * Workers / Partitions];
                worker.Delivered(now, done, at, at, 1, now);
                worker.Processed(now.AddMicroseconds(5), done, at, 1);
                worker.AckSent(now.AddMicroseconds(6), done, at);
                worker.AckConfirmed(now.AddMicroseconds(9), done, at);
            }
        }

        coordinator.DrainFinished(now);
        for (int i = 0; i < messages; i++)
        {
            reader.Stored(now, Id(i), (ulong)i + 1);
        }

        reader.FinalReadCompleted(now, 1, (ulong)messages, messages);
        double nanoseconds = (ProcessorTime() - started).TotalNanoseconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        long records = 2 + reader.Count - 1;
        foreach (HistoryWriter writer in producers.Concat(workers))
        {
            records += writer.Count;
            writer.Dispose();
        }

        return (records, nanoseconds / records, allocated);
    }

    /// <summary>Spread over the partitions, as a shuffle would, without the cost of one.</summary>
    private static MessageId Id(int number) => new((int)(number * 7919L % Partitions), (number / Partitions) + 1);

    private static double Timed(long records, Action action)
    {
        TimeSpan started = ProcessorTime();
        action();
        return (ProcessorTime() - started).TotalNanoseconds / records;
    }

    private static TimeSpan ProcessorTime()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

    private static void ReadMerged(IHistoryStore store)
    {
        using var merge = new LogMerge(store);
        merge.Refresh(isFinal: true);
        while (merge.Next(long.MaxValue) is not null)
        {
            merge.Consume();
        }
    }

    private static HistoryRecord[] Sample(IHistoryStore store, int count)
    {
        var sample = new List<HistoryRecord>(count);
        using var merge = new LogMerge(store);
        merge.Refresh(isFinal: true);
        while (sample.Count < count && merge.Next(long.MaxValue) is { } log)
        {
            sample.Add(log.Record);
            merge.Consume();
        }

        return [.. sample];
    }

    private static void FoldAll(HistoryRecord[] records)
    {
        var fold = new Fold();
        for (int i = 0; i < records.Length; i++)
        {
            fold.Apply(records[i], participant: 0);
        }
    }

    private static void Judge(IHistoryStore store, int messages = Messages)
    {
        using var tail = new LiveTail(store);
        tail.Finish();
        if (tail.Fold.Snapshot() is var totals && (totals.Sent != messages || totals.Received != messages))
        {
            throw new InvalidOperationException("The fold did not find what was written.");
        }
    }

    /// <summary>A run of twice as many messages, kept when all but the last 500,000 records, and those of the final read, are folded.</summary>
    private static void SnapshotCost(string folder)
    {
        const int Replayed = 500_000;
        var store = new FileHistoryStore(Path.Combine(folder, "snapshot"), "benchmark");
        (long records, _, _) = Write(store, 2 * Messages);
        using var tail = new LiveTail(store);
        for (DateTimeOffset until = Start; tail.Fold.Records < records - (2 * Messages) - Replayed; until += TimeSpan.FromMilliseconds(100))
        {
            tail.Advance(until);
        }

        FoldSnapshot kept = tail.Snapshot();
        double keep = MedianMilliseconds(() => kept = tail.Snapshot());
        double resume = MedianMilliseconds(() =>
        {
            using LiveTail again = LiveTail.From(kept, store);
            again.Finish();
        });
        double whole = MedianMilliseconds(() => Judge(store, 2 * Messages));
        Console.WriteLine($"snapshot of the fold    {keep:F1} ms, {kept.State.Length / 1024.0:F0} KiB, after {tail.Fold.Records:N0} records");
        Console.WriteLine($"going on from it        {resume:F0} ms for {records - kept.Records:N0} records; reading everything takes {whole / resume:F1} times as long");
    }

    private static double MedianMilliseconds(Action action)
    {
        double[] times = [.. Enumerable.Range(0, Rounds).Select(_ => Timed(1, action) / 1e6).Order()];
        return times[Rounds / 2];
    }

    private static long FoldMemory()
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var fold = new Fold();
        for (int i = 0; i < 10 * Messages; i++)
        {
            MessageId id = Id(i);
            foreach (RecordType type in (ReadOnlySpan<RecordType>)[RecordType.Intent, RecordType.Acknowledged, RecordType.Delivered, RecordType.Processed, RecordType.Stored])
            {
                fold.Apply(new HistoryRecord { Type = type, Partition = id.Partition, Time = i, A = id.Sequence, B = i + 1, Count = 1 }, 0);
            }
        }

        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(fold);
        return (after - before) / Partitions;
    }
}
