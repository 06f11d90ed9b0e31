using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using Simulation.History;
using Simulation.Host.Telemetry;
using Simulation.Host.View;

namespace Simulation.Benchmarks.Telemetry;

/// <summary>
/// What measuring costs: a fold that nobody hears against one that feeds all instruments, with an exporter listening; and one scrape of a
/// run with 1500 partitions and 100 workers. Processor time; medians, after one round to warm up.
/// </summary>
internal static class TelemetryBenchmark
{
    private const int Messages = 500_000;
    private const int Partitions = 1500;
    private const int Workers = 100;
    private const int Rounds = 7;
    private const int ScrapesARound = 20;

    private static readonly RecordType[] Story =
        [RecordType.Intent, RecordType.Acknowledged, RecordType.Delivered, RecordType.Processed, RecordType.AckSent, RecordType.AckConfirmed];

    public static int Run()
    {
        using var instruments = new RunInstruments(new Dictionary<string, string>());
        using var collector = new MetricCollector(instruments.Meter, new KeyValuePair<string, object?>("run_id", "4f2a9c1e"));
        MeasureRecording(instruments.FoldObserver);
        instruments.Show(Snapshot());
        MeasureScrape(collector, ExpositionFormat.Text, "text");
        MeasureScrape(collector, ExpositionFormat.OpenMetrics, "OpenMetrics");
        return 0;
    }

    private static void MeasureRecording(IFoldObserver observer)
    {
        var unheard = new List<double>();
        var heard = new List<double>();
        for (int round = 0; round <= Rounds; round++)
        {
            double without = FoldAll(null);
            double with = FoldAll(observer);
            if (round > 0)
            {
                unheard.Add(without);
                heard.Add(with);
            }
        }

        Line("fold, a message", unheard, "ns");
        Line("fold with instruments, a message", heard, "ns");
        Console.WriteLine($"{"ratio",-34} {Median(heard) / Median(unheard):F2}");
    }

    /// <returns>Nanoseconds a message.</returns>
    private static double FoldAll(IFoldObserver? observer)
    {
        var fold = new Fold { Observer = observer };
        int[] workers = [.. Enumerable.Range(0, Workers).Select(worker => fold.Participant($"worker-{worker}"))];
        TimeSpan started = ProcessorTime();
        for (int i = 0; i < Messages; i++)
        {
            int partition = (int)(i * 7919L % Partitions);
            for (int step = 0; step < Story.Length; step++)
            {
                fold.Apply(new HistoryRecord
                {
                    Type = Story[step],
                    Partition = partition,
                    Time = 1_000_000 + (i * 100L) + (step * 700),
                    A = (i / Partitions) + 1,
                    B = i + 1,
                    C = 1_000_000 + (i * 100L),
                    Count = 1,
                }, workers[partition % Workers]);
            }
        }

        return (ProcessorTime() - started).TotalNanoseconds / Messages;
    }

    private static void MeasureScrape(MetricCollector collector, ExpositionFormat format, string name)
    {
        var milliseconds = new List<double>();
        var text = new ArrayBufferWriter<byte>();
        long allocated = 0;
        for (int round = 0; round <= Rounds; round++)
        {
            allocated = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan started = ProcessorTime();
            for (int i = 0; i < ScrapesARound; i++)
            {
                text.ResetWrittenCount();
                collector.Write(format, text);
            }

            allocated = (GC.GetAllocatedBytesForCurrentThread() - allocated) / ScrapesARound;
            if (round > 0)
            {
                milliseconds.Add((ProcessorTime() - started).TotalMilliseconds / ScrapesARound);
            }
        }

        Line($"scrape, {name}", milliseconds, "ms");
        Console.WriteLine($"{"",-34} {text.WrittenSpan.Count((byte)'\n'):N0} lines, {text.WrittenCount / 1024:N0} KiB, {allocated / 1024:N0} KiB allocated");
    }

    private static RunSnapshot Snapshot() => new()
    {
        Phase = "running",
        Elapsed = TimeSpan.FromMinutes(1),
        Duration = TimeSpan.FromHours(12),
        Sent = Messages,
        Received = Messages,
        WorkersActive = Workers,
        PartitionsTotal = Partitions,
        PartitionsOwned = Partitions,
        PartitionsPerWorker = [.. Enumerable.Repeat(Partitions / Workers, Workers)],
        Workers = Enumerable.Range(0, Workers).ToImmutableDictionary(worker => $"worker-{worker}", _ => Partitions / Workers),
        Partitions = [.. Enumerable.Range(0, Partitions).Select(partition => new PartitionCounts(partition, Messages / Partitions, Messages / Partitions))],
    };

    private static void Line(string what, List<double> values, string unit)
    {
        double median = Median(values);
        Console.WriteLine($"{what,-34} {median:F1} {unit}   ({values[0]:F1} to {values[^1]:F1})");
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static TimeSpan ProcessorTime()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
