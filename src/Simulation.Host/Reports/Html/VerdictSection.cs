using Simulation.History;

namespace Simulation.Host.Reports.Html;

/// <summary>The answer, and what it rests on.</summary>
internal static class VerdictSection
{
    /// <summary>Between a number and its unit, where there is little room.</summary>
    private const char NoBreak = '\u00a0';

    public static Markup Write(RunReport run)
    {
        RunManifest manifest = run.Manifest;
        string took = manifest.EndedAt is { } ended ? Took(run, ended - manifest.StartedAt) : "was killed before its end";
        return Markup.Of($"""
            <header class="top">
            <div class="kicker"><span>Simulation run <span class="mono">{manifest.RunId}</span>, seed <span class="mono">{manifest.Seed}</span></span><span>{Show.Moment(manifest.StartedAt)}, {took}</span></div>
            <div class="verdict"><h1>{ReportPage.Outcome(run)}</h1><p class="line">{LineOfVerdict(run)}{MissedThresholds(run)}</p></div>
            {(run.Verdict is { } verdict ? Markup.Of($"{Facts(verdict)}{RestsOn(run, verdict)}") : null)}
            {(manifest.EndedEarly is { } why ? Markup.Of($"""<p class="note">Ended early: {why}.</p>""") : null)}
            </header>
            """);
    }

    /// <summary>In the virtual world the run's own time is another than ours.</summary>
    private static string Took(RunReport run, TimeSpan ours)
    {
        var own = TimeSpan.FromSeconds(run.Reading.Columns.Sum(column => column.Seconds));
        return run.Manifest.IsVirtual ? $"{Show.Long(own)} of virtual time in {Show.Long(ours)}" : $"took {Show.Long(ours)}";
    }

    private static Markup? MissedThresholds(RunReport run) => run.Missed.Count() switch
    {
        0 => null,
        1 => Markup.Of($""" <span class="missed">A threshold was missed.</span>"""),
        int several => Markup.Of($""" <span class="missed">{several} thresholds were missed.</span>"""),
    };

    private static string LineOfVerdict(RunReport run) => run.Verdict is not { } verdict
        ? "It was stopped at once, and nobody judged what it had come to."
        : verdict.Outcome switch
        {
            VerdictOutcome.Violated => Violations(verdict) + ".",
            VerdictOutcome.Inconclusive => $"Nothing is known to be wrong, and not everything is known. {string.Join(" ", verdict.Doubts.Take(2))}",
            _ => $"Every one of the {Show.Count(verdict.Sent)} messages that the server acknowledged was processed{Despite(verdict)}.",
        };

    private static string Violations(Verdict verdict)
    {
        string[] found = [.. verdict.Findings.Where(finding => finding is { FailsRun: true, Count: > 0 })
            .Select(finding => $"{Show.Count(finding.Count)} {VerdictText.NameOf(finding.Class)}")];
        return $"Of {Show.Count(verdict.Sent)} messages: {string.Join(", ", found)}";
    }

    private static string Despite(Verdict verdict) => verdict.Faults.IsEmpty ? "" : $", through {Show.Count(verdict.Faults.Length, "fault", "faults")}";

    private static Markup Facts(Verdict verdict)
    {
        TimeSpan P(LatencyHistogram latency, double percent) => latency.Percentile(percent);
        return Markup.Of($"""
            <dl class="facts">
            {Fact("Acknowledged", Show.Count(verdict.Sent), $"{Show.Count(verdict.StillUnknown)} of unknown outcome")}
            {Fact("Processed", Show.Count(verdict.Received), $"{Show.Count(verdict.Redelivered, "redelivery", "redeliveries")}")}
            {Fact("Lost or unprocessed", Show.Count(verdict.Gaps), $"{Show.Count(verdict.Duplicates, "duplicate", "duplicates")}")}
            {Fact("End to end, p99", verdict.EndToEndLatency.Count == 0 ? Show.Nothing : Show.Time(P(verdict.EndToEndLatency, 99)), $"median {Show.Time(P(verdict.EndToEndLatency, 50))}")}
            {Fact("Publish, p99", verdict.PublishLatency.Count == 0 ? Show.Nothing : Show.Time(P(verdict.PublishLatency, 99)), $"median {Show.Time(P(verdict.PublishLatency, 50))}")}
            {Fact("Faults proven", verdict.Faults.IsEmpty ? "none" : $"{Show.Count(verdict.FaultsBit)} of {Show.Count(verdict.Faults.Length)}", Slowest(verdict))}
            </dl>
            """);
    }

    private static string Slowest(Verdict verdict) =>
        verdict.Faults.IsEmpty ? "nothing was broken on purpose"
        : verdict.Faults.Any(fault => fault.WellAgainAfter is null) ? "not all seen to recover"
        : $"well again within {Show.Time(verdict.Faults.Max(fault => fault.WellAgainAfter)).Replace(' ', NoBreak)}";

    private static Markup Fact(string name, string value, string more) => Markup.Of($"<div><dt>{name}</dt><dd>{value}<small>{more}</small></dd></div>");

    private static Markup RestsOn(RunReport run, Verdict verdict)
    {
        (string State, string What)[] pillars =
        [
            (verdict.DrainFinished ? "yes" : "open", verdict.DrainFinished ? "Nothing was pending when the drain ended" : verdict.Doubts.First(doubt => doubt.Cause == DoubtCause.Drain).Text),
            (verdict.ReadFinished ? "yes" : "open", verdict.ReadFinished ? "The stream was read from first to last, and compared" : "The stream was not read to its end"),
            (verdict.Damages.IsEmpty ? "yes" : "open", verdict.Damages.IsEmpty ? "Every log is whole: no record is damaged" : $"{Show.Count(verdict.Damages.Length, "log is", "logs are")} damaged"),
            .. verdict.Compacted is { } compacted ? [("yes", compacted.ToString())] : (ReadOnlySpan<(string, string)>)[],
            .. verdict.Faults.IsEmpty ? [] : (ReadOnlySpan<(string, string)>)[FaultsProven(verdict)],
            .. verdict.Findings.Where(finding => finding is { FailsRun: true, Count: > 0 }).Select(finding => ("no", Sentence(finding))),
            .. run.Missed.Select(result => ("no", $"Threshold missed: {result.Threshold}; {result.Missed}")),
            .. verdict.Doubts.Where(doubt => doubt.Cause is not (DoubtCause.Drain or DoubtCause.DamagedLog or DoubtCause.Fault)).Select(doubt => ("open", doubt.Text)),
        ];
        return Markup.Of($"""<ul class="rests" aria-label="What the verdict rests on">{Markup.Join(pillars, pillar => Markup.Of($"""<li class="{pillar.State}">{pillar.What}</li>"""))}</ul>""");
    }

    private static (string State, string What) FaultsProven(Verdict verdict)
    {
        int missed = verdict.Faults.Count(fault => fault.Missed is not null);
        int cutOff = verdict.Faults.Count(fault => fault.IsCutOff);
        return missed > 0 ? ("open", $"{Show.Count(missed, "fault", "faults")} did not bite")
            : cutOff > 0 ? ("yes", $"Every fault proved that it bit, but for {Show.Count(cutOff, "fault", "faults")} that an outage of the coordinator cut off")
            : ("yes", "Every fault proved that it bit");
    }

    private static string Sentence(Finding finding) => $"{Show.Count(finding.Count, "message", "messages")}: {VerdictText.NameOf(finding.Class)}";
}
