using System.Globalization;
using System.Text;
using Simulation.History;
using Simulation.Host.Reports.Html;
using Simulation.Host.Thresholds;

namespace Simulation.Host.Reports;

/// <summary>summary.md: half a page for the place where a pull request is looked at.</summary>
internal static class MarkdownSummary
{
    private const int MostEvidence = 3;

    public static string Write(RunReport run)
    {
        var text = new StringBuilder();
        string sign = run.ExitCode switch { CommandLine.ExitCode.Passed => "✅", CommandLine.ExitCode.Violated or CommandLine.ExitCode.ThresholdMissed => "❌", _ => "⚠️" };
        text.Append(CultureInfo.InvariantCulture, $"## {sign} Simulation: {ReportPage.Outcome(run).ToLowerInvariant()}{Misses(run.Missed.Count())}\n\n");
        if (run.Verdict is { } verdict)
        {
            text.Append(CultureInfo.InvariantCulture, $"{verdict.Summary}.\n\n");
            WriteDoubts(text, verdict);
            text.Append(verdict.Compacted is { } compacted ? $"{compacted}.\n\n" : "");
            WriteFindings(text, verdict);
            WriteThresholds(text, run);
            WriteLatencies(text, verdict);
            WriteFaults(text, verdict);
            WriteEvidence(text, verdict);
        }
        else
        {
            text.Append("It was stopped at once, and nobody judged.\n\n");
        }

        string ended = run.Manifest.EndedEarly is { } why ? $" Ended early: {Cell(why)}." : "";
        text.Append(CultureInfo.InvariantCulture, $"Run `{run.Manifest.RunId}`, seed `{run.Manifest.Seed}`, exit code {(int)run.ExitCode}.{ended} Again:\n\n```\n{run.Manifest.Again}\n```\n");
        return text.ToString();
    }

    private static string Misses(int thresholds) => thresholds switch
    {
        0 => "",
        1 => ", and a threshold was missed",
        _ => string.Create(CultureInfo.InvariantCulture, $", and {thresholds} thresholds were missed"),
    };

    private static void WriteDoubts(StringBuilder text, Verdict verdict)
    {
        foreach (Doubt doubt in verdict.Doubts)
        {
            text.Append(CultureInfo.InvariantCulture, $"- not known: {Cell(doubt.Text)}\n");
        }

        text.Append(verdict.Doubts.IsEmpty ? "" : "\n");
    }

    private static void WriteFindings(StringBuilder text, Verdict verdict)
    {
        Finding[] found = [.. verdict.Findings.Where(finding => finding.Count > 0)];
        Table(text, ["Class", "Messages", ""], found.Select(finding => new[]
        {
            VerdictText.NameOf(finding.Class), Show.Count(finding.Count), finding.FailsRun ? "**fails the run**" : finding.IsPromised ? "not certain" : "counted",
        }));
    }

    private static void WriteThresholds(StringBuilder text, RunReport run) => Table(text, ["Threshold", "Value", ""], run.Thresholds.Select(result => new[]
    {
        result.Threshold.ToString(), result.ShownValue, result.Missed is { } why ? $"**missed**: {why}" : "kept",
    }));

    private static void WriteLatencies(StringBuilder text, Verdict verdict) => Table(text, ["Latency", "p50", "p90", "p99", "p99.9", "max"],
        new[] { ("publish", verdict.PublishLatency), ("end to end", verdict.EndToEndLatency) }
            .Where(latency => latency.Item2.Count > 0)
            .Select(latency => new[] { latency.Item1 }
                .Concat(new double[] { 50, 90, 99, 99.9 }.Select(percent => Show.Time(latency.Item2.Percentile(percent))))
                .Append(Show.Time(latency.Item2.Max)).ToArray()));

    private static void WriteFaults(StringBuilder text, Verdict verdict) => Table(text, ["Fault", "Times", "Proven", "Slowest recovery"],
        verdict.Faults.GroupBy(fault => fault.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => new[]
        {
            kind.Key,
            Show.Count(kind.Count()),
            Show.Count(kind.Count(fault => fault.Proof is not null)),
            kind.Any(fault => fault.WellAgainAfter is null) ? "not seen" : Show.Time(kind.Max(fault => fault.WellAgainAfter)),
        }));

    private static void WriteEvidence(StringBuilder text, Verdict verdict)
    {
        Evidence[] shown = [.. verdict.Evidence
            .Where(evidence => verdict.Findings.Any(finding => finding.Class == evidence.Class && finding.FailsRun))
            .Take(MostEvidence)];
        foreach (Evidence evidence in shown)
        {
            text.Append(CultureInfo.InvariantCulture, $"```\n{evidence.ToString().Replace("```", "'''", StringComparison.Ordinal)}\n```\n\n");
        }
    }

    /// <summary>Nothing where there are no rows.</summary>
    private static void Table(StringBuilder text, string[] head, IEnumerable<string[]> rows)
    {
        string[] lines = [.. rows.Select(row => $"| {string.Join(" | ", row.Select(Cell))} |\n")];
        if (lines.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", head)} |\n|{string.Concat(head.Select((_, column) => column == 0 ? "---|" : "--:|"))}\n{string.Concat(lines)}\n");
        }
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
