using System.Globalization;
using Simulation.History;

namespace Simulation.Host.Reports;

/// <summary>metrics.csv: one line a second. What the history knows, and beside it what the process knew; empty where nothing is known.</summary>
internal sealed class MetricsCsv : IDisposable
{
    private const double MicrosecondsPerMillisecond = 1000;

    private static readonly double[] Percents = [50, 90, 99, 99.9];

    private static readonly string Header = string.Join(',',
        "unix_seconds", "since_sending_seconds", "phase", "scope", "intended", "sent", "received", "deliveries", "redeliveries", "rejected", "unknown",
        "duplicates", "publish_p50_ms", "publish_p90_ms", "publish_p99_ms", "publish_p999_ms", "publish_max_ms", "end_to_end_p50_ms",
        "end_to_end_p90_ms", "end_to_end_p99_ms", "end_to_end_p999_ms", "end_to_end_max_ms", "lag", "gaps_pending", "oldest_gap_ms", "workers",
        "partitions_owned", "partitions_moved", "faults_active", "memory_bytes", "heap_bytes", "cpu_cores", "threads", "handles");

    private readonly string _path;
    private readonly string _unfinished;
    private readonly StreamWriter _file;

    public MetricsCsv(string path)
    {
        _path = path;
        _unfinished = path + ".tmp";
        _file = new StreamWriter(_unfinished);
        _file.WriteLine(Header);
    }

    public void Write(SecondView view)
    {
        (RunSecond second, ProcessSample? process, double? cpu) = view;
        _file.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{second.UnixSeconds},{second.SinceSending},{Words(second.Phase)},{Words(second.Scope)},{second.Intended},{second.Sent},{second.Received},"
            + $"{second.Deliveries},{second.Redeliveries},{second.Rejected},{second.Unknown},{second.Duplicates},"
            + $"{Latencies(second.PublishLatency)},{Latencies(second.EndToEndLatency)},{second.Lag},{second.GapsPending},{second.OldestGap.TotalMilliseconds:0},"
            + $"{second.Workers},{second.PartitionsOwned},{second.PartitionsMoved},{second.FaultsActive},"
            + $"{process?.MemoryBytes},{process?.HeapBytes},{cpu:0.###},{process?.Threads},{process?.Handles}"));
    }

    /// <summary>Whole from here on.</summary>
    public void Complete()
    {
        _file.Dispose();
        File.Move(_unfinished, _path, overwrite: true);
    }

    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_unfinished);
    }

    private static string Words<T>(T value)
        where T : struct, Enum => Configuration.Values.Words.SnakeCase(value.ToString());

    private static string Latencies(LatencyHistogram histogram)
    {
        if (histogram.Count == 0)
        {
            return ",,,,";
        }

        Span<long> at = stackalloc long[4];
        histogram.Percentiles(Percents, at);
        return string.Create(CultureInfo.InvariantCulture,
            $"{at[0] / MicrosecondsPerMillisecond},{at[1] / MicrosecondsPerMillisecond},{at[2] / MicrosecondsPerMillisecond},{at[3] / MicrosecondsPerMillisecond},"
            + $"{histogram.MaxMicroseconds / MicrosecondsPerMillisecond}");
    }
}
