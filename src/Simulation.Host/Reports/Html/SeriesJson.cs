using System.Text.Json;
using System.Text.Json.Nodes;
using Simulation.History;

namespace Simulation.Host.Reports.Html;

/// <summary>What the plots of a page are drawn from: one array a series, one entry a column.</summary>
internal static class SeriesJson
{
    private static readonly double[] Percents = [50, 90, 99, 99.9];

    /// <summary>Steps of the heat map in one doubling of the latency.</summary>
    private const int HeatSteps = 3;

    public static string Write(RunReport run)
    {
        RunReading reading = run.Reading;
        IReadOnlyList<SeriesColumn> columns = reading.Columns;
        long origin = reading.SendingSince?.ToUnixTimeSeconds() ?? (columns.Count > 0 ? columns[0].UnixSeconds : 0);
        JsonArray Each(Func<SeriesColumn, double?> value) => new([.. columns.Select(column => Rounded(value(column)))]);
        var json = new JsonObject
        {
            ["origin"] = origin,
            ["width"] = reading.ColumnSeconds,
            ["t"] = Each(column => column.UnixSeconds - origin),
            ["n"] = Each(column => column.Seconds),
            ["intended"] = Each(column => (double)column.Intended / column.Seconds),
            ["sent"] = Each(column => (double)column.Sent / column.Seconds),
            ["received"] = Each(column => (double)column.Received / column.Seconds),
            ["redelivered"] = Each(column => (double)column.Redeliveries / column.Seconds),
            ["mostSent"] = Each(column => column.MostSent),
            ["mostReceived"] = Each(column => column.MostReceived),
            ["lag"] = Each(column => column.MostLag),
            ["gaps"] = Each(column => column.MostGaps),
            ["workers"] = Each(column => column.MostWorkers),
            ["fewestWorkers"] = Each(column => column.FewestWorkers),
            ["owned"] = Each(column => column.FewestOwned),
            ["moved"] = Each(column => column.Moved),
            ["memory"] = Each(column => column.MostMemory),
            ["heap"] = Each(column => column.MostHeap),
            ["cpu"] = Each(column => column.MostCpu),
            ["publish"] = Latencies(columns.Select(column => column.Publish)),
            ["endToEnd"] = Latencies(columns.Select(column => column.EndToEnd)),
            ["heatSteps"] = HeatSteps,
            ["heat"] = new JsonArray([.. columns.Select(column => Heat(column.EndToEnd))]),
            ["faults"] = new JsonArray([.. (run.Verdict?.Faults ?? []).Select(fault => Fault(fault, origin))]),
            ["phases"] = new JsonArray([.. reading.Phases.Select(phase => new JsonArray(phase.UnixSeconds - origin, phase.Phase.ToString().ToLowerInvariant()))]),
        };

        // Inside a script element: nothing in it may look like its end.
        return json.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Default });
    }

    /// <summary>In milliseconds; null where nothing came.</summary>
    private static JsonObject Latencies(IEnumerable<LatencyHistogram> histograms)
    {
        var at = new long[Percents.Length];
        JsonArray[] series = [.. Percents.Select(_ => new JsonArray())];
        var most = new JsonArray();
        foreach (LatencyHistogram histogram in histograms)
        {
            histogram.Percentiles(Percents, at);
            for (int i = 0; i < at.Length; i++)
            {
                series[i].Add(Milliseconds(histogram, at[i]));
            }

            most.Add(Milliseconds(histogram, histogram.MaxMicroseconds));
        }

        return new JsonObject { ["p50"] = series[0], ["p90"] = series[1], ["p99"] = series[2], ["p999"] = series[3], ["max"] = most };
    }

    private static JsonNode? Milliseconds(LatencyHistogram histogram, long microseconds) =>
        histogram.Count == 0 ? null : Rounded(microseconds / 1000.0);

    /// <summary>Step and count in turn; a step is the rounded-down logarithm of the latency in microseconds.</summary>
    private static JsonArray Heat(LatencyHistogram histogram)
    {
        var steps = new SortedDictionary<int, long>();
        foreach ((long upTo, long count) in histogram.Buckets())
        {
            int step = (int)Math.Floor(Math.Log2(Math.Max(1, upTo)) * HeatSteps);
            steps[step] = steps.GetValueOrDefault(step) + count;
        }

        return new JsonArray([.. steps.SelectMany(step => new JsonNode[] { step.Key, step.Value })]);
    }

    private static JsonObject Fault(FaultOutcome fault, long origin)
    {
        double from = (fault.StartedAt - DateTimeOffset.FromUnixTimeSeconds(origin)).TotalSeconds;
        return new JsonObject
        {
            ["kind"] = fault.Kind,
            ["what"] = fault.What,
            ["from"] = Rounded(from),
            ["to"] = Rounded(from + (fault.Lasted?.TotalSeconds ?? 0)),
            ["well"] = fault.WellAgainAfter is { } after ? Rounded(from + after.TotalSeconds) : null,
            ["bit"] = fault.Proof is not null,
        };
    }

    /// <summary>Four digits are more than a plot shows.</summary>
    private static JsonNode? Rounded(double? value)
    {
        if (value is not { } number)
        {
            return null;
        }

        if (number == Math.Floor(number) || number == 0)
        {
            return JsonValue.Create((long)number);
        }

        int digits = Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(number))), 0, 15);
        return JsonValue.Create(Math.Round(number, digits));
    }
}
