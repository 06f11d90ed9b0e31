using System.Collections.Immutable;
using System.Globalization;
using Simulation.History;
using Simulation.Host.Configuration;
using Simulation.Host.Thresholds;

namespace Simulation.Host.View;

/// <summary>What is printed when everything is over: the answer, and what it rests on.</summary>
internal static class Summary
{
    private const int MostFaultsShown = 20;

    public static void Write(TextWriter output, Verdict verdict)
    {
        output.WriteLine(verdict.Summary);
        output.WriteLine($"Verdict: {verdict.Outcome.ToString().ToLowerInvariant()}");
        foreach (Doubt doubt in verdict.Doubts)
        {
            output.WriteLine($"  not known: {Masking.Urls(doubt.Text)}");
        }

        foreach (Finding finding in verdict.Findings.Where(finding => finding.Count > 0))
        {
            output.WriteLine($"  {Describe(finding)}");
        }

        WriteCounts(output, verdict);
        WriteCompacted(output, verdict);
        WriteIncidents(output, verdict);
        WriteFaults(output, verdict);
        WriteLatencies(output, verdict);
        WriteEvidence(output, verdict);
    }

    public static void WriteThresholds(TextWriter output, ImmutableArray<ThresholdResult> results)
    {
        if (results.IsEmpty)
        {
            return;
        }

        output.WriteLine(Invariant($"Thresholds: {results.Count(result => result.IsKept)} of {results.Length} kept"));
        foreach (ThresholdResult result in results)
        {
            output.WriteLine($"  {(result.IsKept ? "kept  " : "missed")} {result.Threshold}: {result.Missed ?? result.ShownValue}");
        }
    }

    private static string Describe(Finding finding)
    {
        string name = VerdictText.NameOf(finding.Class);
        string where = finding.Class == VerdictClass.Lost ? Invariant($" (head {finding.Head}, middle {finding.Middle}, tail {finding.Tail})") : "";
        return Invariant($"{name}: {finding.Count}{where}{(finding.FailsRun ? "" : $", {VerdictText.WhyNotFailing(finding)}")}");
    }

    private static void WriteCounts(TextWriter output, Verdict verdict) => output.WriteLine(Invariant(
        $"Counted: {verdict.Deliveries} deliveries, {verdict.Redelivered} redelivered, {verdict.Recovered} recovered, {verdict.StillUnknown} unknown, {verdict.Rejected} rejected"));

    private static void WriteCompacted(TextWriter output, Verdict verdict)
    {
        if (verdict.Compacted is { } compacted)
        {
            output.WriteLine($"History: {compacted}");
        }
    }

    /// <summary>The counts above tell what it cost.</summary>
    private static void WriteIncidents(TextWriter output, Verdict verdict)
    {
        foreach (ServerIncident incident in verdict.ServerIncidents)
        {
            output.WriteLine(Invariant($"Server: {incident.At:HH:mm:ss} {Masking.Urls(incident.What)}, away for {incident.Away.TotalSeconds:0.0} s"));
        }
    }

    /// <summary>A long run has hundreds of faults: the report has all of them.</summary>
    private static void WriteFaults(TextWriter output, Verdict verdict)
    {
        if (verdict.Faults.IsEmpty)
        {
            return;
        }

        output.WriteLine(Invariant($"Faults: {verdict.Faults.Length}, of which {verdict.FaultsBit} are proven"));
        foreach (FaultOutcome fault in verdict.Faults.Take(MostFaultsShown))
        {
            output.WriteLine(Invariant($"  {fault.StartedAt:HH:mm:ss} {fault.What}: {Masking.Urls(fault.Shown)}; {RecoveryOf(fault, verdict.Faults)}"));
        }

        if (verdict.Faults.Length > MostFaultsShown)
        {
            output.WriteLine(Invariant($"  and {verdict.Faults.Length - MostFaultsShown} more, in report.json"));
        }
    }

    private static string RecoveryOf(FaultOutcome fault, ImmutableArray<FaultOutcome> all) => fault.WellAgainAfter is { } after
        ? Invariant($"well again after {after.TotalSeconds:0.0} s")
        : $"not seen to recover before the {(fault.RecoveryWasCutOff(all) ? "outage" : "end")}";

    private static void WriteLatencies(TextWriter output, Verdict verdict)
    {
        output.WriteLine($"{"Latency",-24}{"p50",12}{"p90",12}{"p99",12}{"p99.9",12}{"max",12}");
        WriteLatency(output, "  publish acknowledged", verdict.PublishLatency);
        WriteLatency(output, "  end to end", verdict.EndToEndLatency);
    }

    private static void WriteLatency(TextWriter output, string name, LatencyHistogram latency)
    {
        IEnumerable<TimeSpan> points = [latency.Percentile(50), latency.Percentile(90), latency.Percentile(99), latency.Percentile(99.9), latency.Max];
        output.WriteLine($"{name,-24}{string.Concat(points.Select(point => $"{(latency.Count == 0 ? "-" : Milliseconds(point)),12}"))}");
    }

    private static void WriteEvidence(TextWriter output, Verdict verdict)
    {
        foreach (Evidence evidence in verdict.Evidence)
        {
            output.WriteLine();
            output.WriteLine(evidence);
        }
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds >= 100
        ? Invariant($"{time.TotalMilliseconds:0} ms")
        : Invariant($"{time.TotalMilliseconds:0.00} ms");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
