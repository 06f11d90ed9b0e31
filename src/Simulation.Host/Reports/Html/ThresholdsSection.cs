using Simulation.Host.Thresholds;

namespace Simulation.Host.Reports.Html;

/// <summary>What the run had to keep to, and what it did.</summary>
internal static class ThresholdsSection
{
    public static Markup? Write(RunReport run) => run.Thresholds.IsEmpty ? null : Markup.Of($"""
        <div class="scroll"><table>
        <thead><tr><th></th><th>Threshold</th><th class="n">Value</th></tr></thead>
        <tbody>{Markup.Join(run.Thresholds.OrderBy(result => result.IsKept), Row)}</tbody></table></div>
        """);

    private static Markup Row(ThresholdResult result) => Markup.Of($"""
        <tr class="{(result.IsKept ? "" : "bad")}"><td><span class="state {(result.IsKept ? "passed" : "violated")}">{(result.IsKept ? "kept" : "missed")}</span></td>
        <th scope="row" class="name">{result.Threshold}{(result.Missed is { } why && why != $"it was {result.ShownValue}" ? Markup.Of($"<small>{why}</small>") : null)}</th><td class="n">{result.ShownValue}</td></tr>
        """);
}
