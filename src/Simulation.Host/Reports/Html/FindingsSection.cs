using Simulation.History;

namespace Simulation.Host.Reports.Html;

/// <summary>Every class of the verdict, also where it found nothing: what was not looked for cannot be missed.</summary>
internal static class FindingsSection
{
    public static Markup? Write(RunReport run) => run.Verdict is not { } verdict ? null : Markup.Of($"""
        <p class="note">A promise is held when no message breaks it; which are given, the guarantees in the configuration say.</p>
        <div class="scroll"><table>
        <thead><tr><th>Class</th><th class="n">Messages</th><th>Promise</th></tr></thead>
        <tbody>{Markup.Join(verdict.Findings, Row)}</tbody></table></div>
        """);

    private static Markup Row(Finding finding)
    {
        bool isBad = finding is { FailsRun: true, Count: > 0 };
        string place = finding is { Class: VerdictClass.Lost, Count: > 0 } ? $" (head {finding.Head}, middle {finding.Middle}, tail {finding.Tail})" : "";
        return Markup.Of($"""
            <tr class="{(isBad ? "bad" : "")}"><th scope="row" class="name">{VerdictText.NameOf(finding.Class)}<small>{VerdictText.MeaningOf(finding.Class)}{place}</small></th><td class="n">{Show.Count(finding.Count)}</td>
            <td><span class="state {(isBad ? "violated" : finding.FailsRun ? "passed" : finding.IsPromised ? "inconclusive" : "")}">{(isBad ? "broken" : finding.FailsRun ? "held" : finding.IsPromised ? "not certain" : "not given")}</span></td></tr>
            """);
    }
}
