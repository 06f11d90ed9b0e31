using System.Collections.Frozen;
using System.Collections.Immutable;
using Simulation.Chaos;
using Simulation.History;
using Simulation.Host.Reports;

namespace Simulation.Host.Thresholds;

/// <summary>Every metric that a threshold can be set on. There are no others: a metric that nobody measures would be a threshold that nobody misses.</summary>
internal static class MetricCatalogue
{
    public const string AnyFault = "any";

    private static readonly (string Name, double Percent)[] Percentiles = [("p50", 50), ("p90", 90), ("p95", 95), ("p99", 99), ("p99.9", 99.9)];

    /// <summary>In the order of the documentation.</summary>
    public static ImmutableArray<ThresholdMetric> All { get; } =
    [
        .. Latencies("publish_latency", second => second.PublishLatency, "from a publish to its acknowledgement"),
        .. Latencies("end_to_end_latency", second => second.EndToEndLatency, "from the moment a message was meant to be sent to its first delivery"),
        Mean("sent.rate", ThresholdUnit.Rate, "messages acknowledged a second, on average", view => view.Second.Sent),
        Mean("received.rate", ThresholdUnit.Rate, "messages processed a second, on average", view => view.Second.Received),
        Sum("sent.count", "messages acknowledged", second => second.Sent),
        Sum("received.count", "messages processed", second => second.Received),
        Sum("rejected.count", "publishes that the server refused", second => second.Rejected),
        Sum("unknown.count", "publishes that ended without a known outcome, whether their message has shown up since or not", second => second.Unknown),
        Sum("redelivered.count", "deliveries with a count above one", second => second.Redeliveries),
        Share("redelivered.ratio", "deliveries with a count above one, of all deliveries", second => second.Redeliveries, second => second.Deliveries),
        Sum("duplicates.count", "messages processed or stored once more", second => second.Duplicates),
        Max("lag.max", ThresholdUnit.Count, "messages acknowledged and not processed, at most", view => view.Second.Lag),
        Mean("lag.mean", ThresholdUnit.Count, "messages acknowledged and not processed, on average", view => view.Second.Lag),
        Last("lag.end", ThresholdUnit.Count, "messages acknowledged and not processed, in the last second", view => view.Second.Lag),
        Max("gaps.max", ThresholdUnit.Count, "messages missing below a later one of their partition, at most", view => view.Second.GapsPending),
        Max("gap_age.max", ThresholdUnit.Duration, "how long a message was missing below a later one, at most", view => view.Second.OldestGap.TotalSeconds),
        Sum("partitions_moved.count", "partitions that got another owner", second => second.PartitionsMoved),
        Min("workers.min", ThresholdUnit.Count, "workers that owned partitions, at least", view => view.Second.Workers),
        .. Recoveries(),
        .. OfTheProcess("memory", ThresholdUnit.Bytes, ThresholdUnit.BytesPerHour, "memory of the harness in RAM, mapped history logs aside", sample => sample.MemoryBytes),
        .. OfTheProcess("heap", ThresholdUnit.Bytes, ThresholdUnit.BytesPerHour, "managed heap of the harness", sample => sample.HeapBytes),
        .. OfTheProcess("threads", ThresholdUnit.Count, ThresholdUnit.CountPerHour, "threads of the harness", sample => sample.Threads),
        .. OfTheProcess("handles", ThresholdUnit.Count, ThresholdUnit.CountPerHour, "open file descriptors of the harness", sample => sample.Handles),
        Mean("cpu.mean", ThresholdUnit.Count, "processors that the harness used, on average", view => view.Cpu) with { IsOfTheProcess = true },
        Max("cpu.max", ThresholdUnit.Count, "processors that the harness used, at most", view => view.Cpu) with { IsOfTheProcess = true },
    ];

    private static readonly FrozenDictionary<string, ThresholdMetric> ByName = All.ToFrozenDictionary(metric => metric.Name);

    public static IEnumerable<string> Names => All.Select(metric => metric.Name);

    public static ThresholdMetric? Find(string name) => ByName.GetValueOrDefault(name);

    private static IEnumerable<ThresholdMetric> Latencies(string name, Func<RunSecond, LatencyHistogram> histogram, string doc)
    {
        ThresholdMetric Of(string part, string words, Func<IMeasure> measure) =>
            new() { Name = $"{name}.{part}", Unit = ThresholdUnit.Duration, Doc = $"{doc}: {words}", Measure = measure };
        return
        [
            .. Percentiles.Select(point => Of(point.Name, $"what {point.Percent:0.#} in a hundred did not exceed", () => new LatencyMeasure(histogram, point.Percent))),
            Of("mean", "on average", () => new LatencyMeasure(histogram, percent: null, mean: true)),
            Of("max", "at most", () => new LatencyMeasure(histogram, percent: null)) with { OnlyRises = true },
        ];
    }

    private static IEnumerable<ThresholdMetric> Recoveries()
    {
        (string Name, string Words, Func<double[], double> Of)[] points =
        [
            ("max", "at most", times => times[^1]),
            ("mean", "on average", times => times.Average()),
            ("p50", "the median", times => times[(times.Length - 1) / 2]),
            ("p90", "what 90 in a hundred did not exceed", times => times[(int)Math.Ceiling(times.Length * 0.9) - 1]),
        ];
        return FaultCatalogue.Names.Prepend(AnyFault).SelectMany(kind => points.Select(point => new ThresholdMetric
        {
            Name = $"recovery.{kind}.{point.Name}",
            Unit = ThresholdUnit.Duration,
            Doc = $"from the beginning of {(kind == AnyFault ? "any fault" : $"a {kind}")} until publishing, ownership and backlog were as before: {point.Words}",
            FaultKind = kind == AnyFault ? null : kind,
            OfRecoveries = point.Of,
            OnlyRises = point.Name == "max",
        }));
    }

    private static IEnumerable<ThresholdMetric> OfTheProcess(
        string name, ThresholdUnit unit, ThresholdUnit perHour, string doc, Func<ProcessSample, double> read)
    {
        double? Read(SecondView view) => view.Process is { } sample ? read(sample) : null;
        return
        [
            Max($"{name}.max", unit, $"{doc}, at most", Read) with { IsOfTheProcess = true },
            new ThresholdMetric
            {
                Name = $"{name}.slope",
                Unit = perHour,
                Doc = $"{doc}: how fast it grows, by the straight line that fits best",
                Measure = () => new SlopeMeasure(Read),
                IsOfTheProcess = true,
            },
        ];
    }

    private static ThresholdMetric Max(string name, ThresholdUnit unit, string doc, Func<SecondView, double?> read) =>
        new() { Name = name, Unit = unit, Doc = doc, Measure = () => new ExtremeMeasure(read, Math.Max), OnlyRises = true };

    private static ThresholdMetric Min(string name, ThresholdUnit unit, string doc, Func<SecondView, double?> read) =>
        new() { Name = name, Unit = unit, Doc = doc, Measure = () => new ExtremeMeasure(read, Math.Min) };

    private static ThresholdMetric Last(string name, ThresholdUnit unit, string doc, Func<SecondView, double?> read) =>
        new() { Name = name, Unit = unit, Doc = doc, Measure = () => new ExtremeMeasure(read, (_, latest) => latest) };

    private static ThresholdMetric Mean(string name, ThresholdUnit unit, string doc, Func<SecondView, double?> read) =>
        new() { Name = name, Unit = unit, Doc = doc, Measure = () => new MeanMeasure(read) };

    private static ThresholdMetric Sum(string name, string doc, Func<RunSecond, long> read) =>
        new() { Name = name, Unit = ThresholdUnit.Count, Doc = doc, Measure = () => new SumMeasure(read), OnlyRises = true };

    private static ThresholdMetric Share(string name, string doc, Func<RunSecond, long> part, Func<RunSecond, long> whole) =>
        new() { Name = name, Unit = ThresholdUnit.Ratio, Doc = doc, Measure = () => new ShareMeasure(part, whole) };
}
