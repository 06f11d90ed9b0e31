using Simulation.History;

namespace Simulation.Host.Reports.Html;

/// <summary>
/// report.html. Words and tables are written here; the plots are drawn by the script in the page, from the series in the page.
/// </summary>
internal static class ReportPage
{
    public static string Write(RunReport run)
    {
        bool anythingWrong = run.Verdict?.Outcome == VerdictOutcome.Violated;
        bool anythingOpen = run.Verdict?.Findings.Any(finding => finding is { IsPromised: true, FailsRun: false, Count: > 0 }) == true;
        (string Id, string Title, Markup? Body) messages = (
            "messages", anythingWrong ? "What went wrong" : anythingOpen ? "What may be wrong" : "What was counted", EvidenceSection.Write(run));
        (string Id, string Title, Markup? Body)[] sections =
        [
            .. anythingWrong ? [messages] : (ReadOnlySpan<(string, string, Markup?)>)[],
            ("thresholds", "Thresholds", ThresholdsSection.Write(run)),
            ("time", "Over time", PlotsSection.Write(run)),
            ("recovery", "Faults and recovery", RecoverySection.Write(run)),
            ("kinds", "By kind of time", ScopesSection.Write(run)),
            ("classes", "What was looked for", FindingsSection.Write(run)),
            .. anythingWrong ? [] : (ReadOnlySpan<(string, string, Markup?)>)[messages],
            ("partitions", "Partitions", PartitionsSection.Write(run)),
            ("setup", "Configuration and environment", SetupSection.Write(run)),
        ];
        (string Id, string Title, Markup? Body)[] present = [.. sections.Where(section => section.Body is not null)];
        return Page.Write($"{Outcome(run)}: run {run.Manifest.RunId}", Tone(run), Markup.Of($"""
            {VerdictSection.Write(run)}
            <nav aria-label="Sections"><ul>{Markup.Join(present, section => Markup.Of($"""<li><a href="#{section.Id}">{section.Title}</a></li>"""))}</ul></nav>
            <main>
            {Markup.Join(present, section => Markup.Of($"""<section aria-labelledby="{section.Id}"><h2 id="{section.Id}">{section.Title}</h2>{section.Body}</section>"""))}
            </main>
            {Footer(run)}
            <script type="application/json" id="series">{Markup.Raw(SeriesJson.Write(run))}</script>
            <script>{Page.Resource("report.js")}</script>
            """));
    }

    public static string Outcome(RunReport run) => run.Verdict?.Outcome switch
    {
        VerdictOutcome.Passed => "Passed",
        VerdictOutcome.Violated => "Violated",
        VerdictOutcome.Inconclusive => "Inconclusive",
        _ => "No verdict",
    };

    private static string Tone(RunReport run) => (run.Verdict?.Outcome ?? VerdictOutcome.Inconclusive).ToString().ToLowerInvariant();

    private static Markup Footer(RunReport run) => Markup.Of($"""
        <footer>
        <p>Everything here was computed from the logs in <code>{RunHistory.FolderName}/</code>; <code>simulation report {run.Folder.Path}</code> does it again.
        One column of a plot is {Show.Count(run.Reading.ColumnSeconds, "second", "seconds")}: rates are means over it, everything else is the highest of it, workers the fewest.
        Percentiles come from histograms and are never below the truth and at most {LatencyHistogram.RelativeError * 100:0.0} % above it; maxima are exact.
        Each second is in <code>metrics.csv</code>.</p>
        </footer>
        """);
}
