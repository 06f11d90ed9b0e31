using Simulation.History;

namespace Simulation.Host.Reports.Html;

/// <summary>The same numbers for the time with nothing broken, during faults, while it recovered, and in the drain.</summary>
internal static class ScopesSection
{
    public static Markup? Write(RunReport run)
    {
        ScopeTotals[] scopes = [.. run.Reading.Scopes.Where(scope => scope.Seconds > 0)];
        return scopes.Length == 0 ? null : Markup.Of($"""
            <p class="note">Steady is the time with nothing broken and everything well again, producers being up to date.</p>
            <div class="scroll"><table class="dense">
            <thead><tr><th></th><th class="n">Lasted</th><th class="n">Acknowledged</th><th class="n">Processed</th><th class="n">Most lag</th>
            <th class="n">Publish p50</th><th class="n">p99</th><th class="n">max</th><th class="n">End to end p50</th><th class="n">p99</th><th class="n">max</th></tr></thead>
            <tbody>{Markup.Join(scopes, Row)}</tbody></table></div>
            """);
    }

    private static Markup Row(ScopeTotals scope) => Markup.Of($"""
        <tr><th scope="row">{NameOf(scope.Scope)}</th><td class="n">{Show.Long(TimeSpan.FromSeconds(scope.Seconds))}</td>
        <td class="n">{Show.Rate((double)scope.Sent / scope.Seconds)}</td><td class="n">{Show.Rate((double)scope.Received / scope.Seconds)}</td><td class="n">{Show.Count(scope.MostLag)}</td>
        {Latency(scope.Publish)}{Latency(scope.EndToEnd)}</tr>
        """);

    private static Markup Latency(LatencyHistogram latency) => Markup.Join(
        latency.Count == 0 ? [null, null, null] : new TimeSpan?[] { latency.Percentile(50), latency.Percentile(99), latency.Max },
        time => Markup.Of($"""<td class="n">{Show.Time(time)}</td>"""));

    private static string NameOf(RunScope scope) => scope switch
    {
        RunScope.Steady => "Steady",
        RunScope.DuringFault => "During faults",
        RunScope.Recovery => "Recovering",
        _ => "Draining",
    };
}
