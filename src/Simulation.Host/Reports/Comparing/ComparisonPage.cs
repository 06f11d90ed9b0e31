using Simulation.Host.Reports.Html;

namespace Simulation.Host.Reports.Comparing;

/// <summary>The comparison as a page of its own, as self-contained as a report.</summary>
internal static class ComparisonPage
{
    private const double Width = 260;
    private const double Widest = 1;

    public static string Write(Comparison comparison)
    {
        RunManifest first = comparison.First.Report.Manifest;
        RunManifest second = comparison.Second.Report.Manifest;
        string answer = comparison.IsWorse ? "Worse" : comparison.Changes.IsEmpty ? "Unclear" : "Not worse";
        string tone = comparison.IsWorse ? "violated" : comparison.Changes.IsEmpty ? "inconclusive" : "passed";
        return Page.Write($"{answer}: run {second.RunId} against {first.RunId}", tone, Markup.Of($"""
            <header class="top">
            <div class="kicker"><span>Simulation run <span class="mono">{second.RunId}</span> against <span class="mono">{first.RunId}</span></span><span>{Show.Moment(second.StartedAt)} against {Show.Moment(first.StartedAt)}</span></div>
            <div class="verdict"><h1>{answer}</h1><p class="line">{ComparisonText.Conclusion(comparison)}</p></div>
            </header>
            <main>
            {(comparison.Changes.IsEmpty ? null : Markup.Of($"""
                <section aria-labelledby="steady"><h2 id="steady">Steady time</h2>
                <p class="note">With nothing broken: {Show.Long(TimeSpan.FromSeconds(comparison.First.Steady.SteadySeconds))} of the first run, {Show.Long(TimeSpan.FromSeconds(comparison.Second.Steady.SteadySeconds))} of the second.
                Intervals come from a block bootstrap over blocks of {comparison.First.Steady.BlockSeconds} s and {comparison.Second.Steady.BlockSeconds} s, at {Comparison.Confidence * 100:0} % for all of them together.
                Worse is what lies beyond the tolerance of {ComparisonText.Percent(comparison.Tolerance).TrimStart('+')} as a whole. Two runs differ in more than their blocks do; see docs/report.md.</p>
                <div class="scroll"><table><thead><tr><th>Metric</th><th class="n">First</th><th class="n">Second</th><th class="n">Change</th><th>Likely change</th><th class="n">Interval</th><th></th></tr></thead>
                <tbody>{Markup.Join(comparison.Changes, Row)}</tbody></table></div></section>
                """))}
            {Recoveries(comparison)}
            {Differences(comparison)}
            </main>
            """));
    }

    private static Markup Row(MetricChange change) => Markup.Of($"""
        <tr class="{(change.IsWorse ? "bad" : "")}"><th scope="row">{change.Metric.Name}</th><td class="n">{change.Metric.Show(change.First)}</td><td class="n">{change.Metric.Show(change.Second)}</td>
        <td class="n">{ComparisonText.Percent(change.Change)}</td><td>{Drawing(change)}</td><td class="n quiet">{ComparisonText.Interval(change)}</td>
        <td><span class="state {(change.IsWorse ? "violated" : change.Kind == ChangeKind.Better ? "passed" : "")}">{ComparisonText.Word(change)}</span></td></tr>
        """);

    /// <summary>From half to twice: the tolerance as a band, the interval as a line, the change as a dot.</summary>
    private static Markup Drawing(MetricChange change)
    {
        double X(double share) => Math.Round(Math.Clamp((share + Widest) / (2 * Widest), 0, 1) * Width, 1);
        string colour = change.IsWorse ? "red" : change.Kind == ChangeKind.Better ? "teal" : "blue";
        return Markup.Of($"""
            <svg class="plot" width="{Width}" height="18" viewBox="0 0 {Width} 18" style="width:{Width}px;margin:0" aria-hidden="true">
            <rect class="h1" x="{X(-change.Tolerance)}" y="0" width="{X(change.Tolerance) - X(-change.Tolerance)}" height="18"/><line class="axis" x1="{X(0)}" x2="{X(0)}" y1="0" y2="18"/>
            <line class="line" style="--c:var(--{colour})" x1="{X(change.Low)}" x2="{X(change.High)}" y1="9" y2="9"/><circle class="dot" style="--c:var(--{colour})" cx="{X(change.Change)}" cy="9" r="4"/></svg>
            """);
    }

    private static Markup? Recoveries(Comparison comparison)
    {
        (string Kind, string First, string Second)[] all = [.. ComparisonText.Recoveries(comparison)];
        return all.Length == 0 ? null : Markup.Of($"""
            <section aria-labelledby="recovery"><h2 id="recovery">Slowest recovery by kind of fault</h2>
            <div class="scroll"><table><thead><tr><th>Kind</th><th class="n">First</th><th class="n">Second</th></tr></thead>
            <tbody>{Markup.Join(all, one => Markup.Of($"""<tr><th scope="row">{one.Kind}</th><td class="n">{one.First}</td><td class="n">{one.Second}</td></tr>"""))}</tbody></table></div></section>
            """);
    }

    private static Markup Differences(Comparison comparison) => comparison.Differences.IsEmpty
        ? Markup.Of($"""<p class="note">Both runs have the same configuration, but for seeds and what measures them.</p>""")
        : Markup.Of($"""
            <section aria-labelledby="differences"><h2 id="differences">Where the runs differ</h2>
            <div class="scroll"><table><thead><tr><th>Key</th><th>First</th><th>Second</th></tr></thead>
            <tbody>{Markup.Join(comparison.Differences, one => Markup.Of($"""<tr><th scope="row" class="mono">{one.Key}</th><td>{one.First}</td><td>{one.Second}</td></tr>"""))}</tbody></table></div></section>
            """);
}
