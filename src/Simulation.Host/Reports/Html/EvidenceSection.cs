using System.Collections.Immutable;
using Simulation.History;
using Simulation.Host.CommandLine;

namespace Simulation.Host.Reports.Html;

/// <summary>The messages that something is wrong with, what was broken around then, and how to see it again.</summary>
internal static class EvidenceSection
{
    private const int MostShown = 30;

    /// <summary>A fault that ended this long before the first record of a message may still be why.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(30);

    public static Markup? Write(RunReport run)
    {
        if (run.Verdict is not { Evidence.IsEmpty: false } verdict)
        {
            return null;
        }

        Evidence[] shown = [.. verdict.Evidence.OrderByDescending(evidence => Fails(verdict, evidence.Class)).Take(MostShown)];
        bool failsRun = shown.Any(evidence => Fails(verdict, evidence.Class));
        bool isOpen = verdict.Findings.Any(finding => finding is { IsPromised: true, FailsRun: false, Count: > 0 });
        return Markup.Of($"""
            <p>{(failsRun ? "These messages break what was promised." : isOpen ? "Whether these messages break what was promised is not certain, for not everything is known." : "Nothing of this was promised to be otherwise; it is counted, and does not fail the run.")}
            Each is told by everybody's own logs{(File.Exists(run.Folder.ViolationsFile) ? "; all of them are in violations.jsonl" : "")}.{(verdict.Compacted is { } compacted ? $" {compacted}." : "")}</p>
            {(failsRun ? Markup.Of($"""<p class="note">Run it again with the same seed, or judge the logs once more:</p>{Command(run.Manifest.Again)}{Command($"simulation check {CommandLines.Quote(run.Folder.Path)}")}""") : null)}
            <div class="cases">{Markup.Join(shown, evidence => One(verdict, evidence, isPrinted: failsRun || isOpen, open: failsRun && evidence == shown[0]))}</div>
            """);
    }

    public static Markup Command(string command) =>
        Markup.Of($"""<div class="command"><pre>{command}</pre><button type="button">Copy</button></div>""");

    private static bool Fails(Verdict verdict, VerdictClass verdictClass) => verdict.Findings.Any(finding => finding.Class == verdictClass && finding.FailsRun);

    /// <param name="verdict">With the faults around then.</param>
    /// <param name="evidence">Of one message.</param>
    /// <param name="isPrinted">Opened on paper.</param>
    /// <param name="open">Opened from the beginning.</param>
    private static Markup One(Verdict verdict, Evidence evidence, bool isPrinted, bool open)
    {
        string who = evidence.Message.IsNone ? "a message that does not say who it is" : $"partition {evidence.Message.Partition}, sequence {evidence.Message.Sequence}";
        string where = evidence.Where is { } place ? $", at the {place} of its partition" : "";
        return Markup.Of($"""
            <details{Markup.Raw(isPrinted ? " data-print" : "")}{Markup.Raw(open ? " open" : "")}><summary><b>{VerdictText.NameOf(evidence.Class)}</b>: {who}{where}</summary>
            <div class="inside"><ol class="trace">{Markup.Join(Lines(verdict, evidence), line => line.Html)}</ol></div></details>
            """);
    }

    private static IEnumerable<(DateTimeOffset At, Markup Html)> Lines(Verdict verdict, Evidence evidence) => evidence.Records
        .Select(record => (record.Record.At, Line(record.Record.At, record.Participant, record.Description, "")))
        .Concat(FaultsAround(verdict.Faults, evidence).Select(fault => (fault.StartedAt, Line(
            fault.StartedAt, "fault", $"{fault.What}{(fault.Lasted is { } lasted ? $", for {Show.Time(lasted)}" : "")}", "fault"))))
        .OrderBy(line => line.Item1);

    private static IEnumerable<FaultOutcome> FaultsAround(ImmutableArray<FaultOutcome> faults, Evidence evidence)
    {
        if (evidence.Records.IsEmpty)
        {
            return [];
        }

        DateTimeOffset from = evidence.Records.Min(record => record.Record.At) - Before;
        DateTimeOffset to = evidence.Records.Where(record => record.Record.Type != RecordType.Stored).Select(record => record.Record.At).DefaultIfEmpty(from).Max();
        return faults.Where(fault => fault.StartedAt <= to && fault.StartedAt + (fault.Lasted ?? TimeSpan.Zero) >= from);
    }

    private static Markup Line(DateTimeOffset at, string who, string what, string kind) =>
        Markup.Of($"""<li class="{kind}"><time>{at.UtcDateTime:HH:mm:ss.ffffff}</time><span>{who}</span><span>{what}</span></li>""");
}
