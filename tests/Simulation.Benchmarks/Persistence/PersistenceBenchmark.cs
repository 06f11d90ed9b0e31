using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Simulation.Kernel;
using Simulation.Persistence;

namespace Simulation.Benchmarks.Persistence;

/// <summary>
/// What it costs to have something stored, beside writing the same bytes to a file of the same disk and synchronising it: one event after
/// another, each confirmed before the next; and snapshots of a megabyte. Both take turns in every round, because a disk's moods are longer
/// than a call; what counts is the rounds' ratios.
/// </summary>
internal static class PersistenceBenchmark
{
    private const int Rounds = 7;
    private const int Events = 200;
    private const int Snapshots = 20;
    private static readonly string Event = $$"""{"worker":"worker-17","reason":"{{new string('x', 150)}}"}""";
    private static readonly string State = JsonSerializer.Serialize(ProgressOf(20_000), StoredTypes.Json);

    /// <param name="url">Of a PostgreSQL database, to measure that, too.</param>
    public static async Task<int> RunAsync(string? url)
    {
        string folder = Directory.CreateTempSubdirectory("persistence-benchmark-").FullName;
        try
        {
            Console.WriteLine("| | store, median | raw file, median | ratio | lowest - highest | processor time |");
            Console.WriteLine("|---|---|---|---|---|---|");
            await MeasureAsync("SQLite", Path.Combine(folder, "checkpoints.db"), folder);
            if (url is not null)
            {
                await MeasureAsync("PostgreSQL", url, folder);
            }

            double turn = Median([.. Enumerable.Range(0, Rounds + 1).Select(_ => Timed(() => JsonSerializer.Serialize(ProgressOf(20_000), StoredTypes.Json))).Skip(1)]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nThe actor's own time for a snapshot of {State.Length:N0} bytes: {turn:F1} ms of JSON."));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(string name, string location, string folder)
    {
        await using SqlStore store = SqlStore.At(location);
        await using ActorSystem system = ActorSystem.Create("benchmark", Dispatchers.Real(), 1);
        await system.RunAsync(_ => store.RemoveAsync("benchmark"));
        long sequence = 0;
        await CompareAsync(
            $"{name}: event of {Event.Length} bytes",
            Events,
            () => system.RunAsync(async _ =>
            {
                for (int i = 0; i < Events; i++)
                {
                    await store.AppendAsync([Record(++sequence, Event)]);
                }
            }),
            () => Append(Path.Combine(folder, "events")));
        await CompareAsync(
            string.Create(CultureInfo.InvariantCulture, $"{name}: snapshot of {State.Length:N0} bytes"),
            Snapshots,
            () => system.RunAsync(async _ =>
            {
                for (int i = 0; i < Snapshots; i++)
                {
                    await store.SaveSnapshotAsync(Record(++sequence, State), 3);
                }
            }),
            () => Replace(Path.Combine(folder, "snapshot")));
        await system.RunAsync(_ => store.RemoveAsync("benchmark"));
    }

    private static async Task CompareAsync(string name, int calls, Func<Task> stored, Action raw)
    {
        var ratios = new List<double>();
        var storeTimes = new List<double>();
        var rawTimes = new List<double>();
        var processor = new List<double>();
        for (int round = 0; round <= Rounds; round++)
        {
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            await stored();
            cpu = Environment.CpuUsage.TotalTime - cpu;
            double store = Stopwatch.GetElapsedTime(start).TotalMilliseconds / calls;
            double file = Timed(raw) / calls;
            if (round > 0) // The first one warms up.
            {
                storeTimes.Add(store);
                rawTimes.Add(file);
                ratios.Add(store / file);
                processor.Add(cpu.TotalMilliseconds / calls);
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {Median(storeTimes):F2} ms | {Median(rawTimes):F2} ms | {Median(ratios):F1} | {ratios.Min():F1} - {ratios.Max():F1} | {Median(processor):F2} ms |"));
    }

    private static void Append(string file)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Event);
        using FileStream log = new(file, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (int i = 0; i < Events; i++)
        {
            log.Write(bytes);
            log.Flush(flushToDisk: true);
        }
    }

    private static void Replace(string file)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(State);
        for (int i = 0; i < Snapshots; i++)
        {
            using (FileStream unfinished = new(file + ".new", FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                unfinished.Write(bytes);
                unfinished.Flush(flushToDisk: true);
            }

            File.Move(file + ".new", file, overwrite: true);
        }
    }

    private static Progress[] ProgressOf(int partitions) =>
        [.. Enumerable.Range(0, partitions).Select(partition => new Progress(partition, 1_000 + partition, 990 + partition, partition % 3))];

    private static StoredRecord Record(long sequence, string json) => new("benchmark", sequence, DateTimeOffset.UtcNow, "benchmark", 1, json);

    private static double Timed(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private sealed record Progress(int Partition, long Sent, long Processed, int Open);
}
