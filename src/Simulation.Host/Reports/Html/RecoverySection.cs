using System.Collections.Immutable;
using Simulation.History;

namespace Simulation.Host.Reports.Html;

/// <summary>What was broken, and how long the run took to be well again: by kind, then one by one.</summary>
internal static class RecoverySection
{
    /// <summary>The list one by one is opened on paper when it has no more than these.</summary>
    private const int MostOnPaper = 50;

    public static Markup? Write(RunReport run)
    {
        if (run.Verdict is not { Faults: { IsEmpty: false } faults })
        {
            return null;
        }

        return Markup.Of($"""
            <p class="note">Recovery counts from the beginning of a fault: until a message was acknowledged after its end, until every partition had an owner, until no more messages waited than before.</p>
            <div class="scroll"><table>
            <thead><tr><th>Kind</th><th class="n">Faults</th><th class="n">Proven</th><th class="n">Publishing</th><th class="n">Ownership</th><th class="n">Backlog</th><th class="n">Well again, median</th><th class="n">Slowest</th></tr></thead>
            <tbody>{Markup.Join(faults.GroupBy(fault => fault.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal), kind => ByKind(kind.Key, [.. kind]))}</tbody>
            </table></div>
            <details{Markup.Raw(faults.Length <= MostOnPaper ? " data-print" : "")}><summary>All {Show.Count(faults.Length, "fault", "faults")}, one by one</summary><div class="scroll tall"><table class="sortable">
            <thead><tr>{Head("#", true)}{Head("At", false)}{Head("Fault", false)}{Head("Lasted", true)}{Head("What shows that it bit", false)}{Head("Well again after", true)}</tr></thead>
            <tbody>{Markup.Join(faults, fault => One(fault, faults))}</tbody>
            </table></div></details>
            """);
    }

    public static Markup Head(string name, bool isNumber) =>
        Markup.Of($"""<th scope="col" class="{(isNumber ? "n" : "")}"><button type="button">{name}</button></th>""");

    private static Markup ByKind(string kind, ImmutableArray<FaultOutcome> faults)
    {
        int unproven = faults.Count(fault => fault.Proof is null);
        TimeSpan?[] well = [.. faults.Select(fault => fault.WellAgainAfter)];
        TimeSpan[] seen = [.. well.OfType<TimeSpan>().Order()];
        return Markup.Of($"""
            <tr class="{(faults.Any(fault => fault.Missed is not null) ? "bad" : "")}"><th scope="row">{kind}</th><td class="n">{faults.Length}</td><td class="n">{faults.Length - unproven}</td>
            <td class="n">{Worst(faults, fault => fault.PublishingAfter)}</td><td class="n">{Worst(faults, fault => fault.OwnershipAfter)}</td><td class="n">{Worst(faults, fault => fault.BacklogAfter)}</td>
            <td class="n">{(seen.Length == 0 ? Show.Nothing : Show.Time(seen[(seen.Length - 1) / 2]))}</td><td class="n">{(well.Contains(null) ? "not seen" : Show.Time(seen[^1]))}</td></tr>
            """);
    }

    private static string Worst(ImmutableArray<FaultOutcome> faults, Func<FaultOutcome, TimeSpan?> stage) =>
        faults.Any(fault => stage(fault) is null) ? "not seen" : Show.Time(faults.Max(stage));

    private static Markup One(FaultOutcome fault, ImmutableArray<FaultOutcome> all) => Markup.Of($"""
        <tr class="{(fault.Missed is not null ? "bad" : "")}"><td class="n" data-v="{fault.Number}">{(fault.IsOutage ? Show.Nothing : Show.Count(fault.Number))}</td><td>{Show.Clock(fault.StartedAt)}</td><td>{fault.What}</td>
        <td class="n" data-v="{fault.Lasted?.TotalSeconds ?? 0}">{Show.Time(fault.Lasted)}</td>
        <td class="wide">{fault.Shown}</td>
        <td class="n" data-v="{fault.WellAgainAfter?.TotalSeconds ?? double.MaxValue}">{(fault.WellAgainAfter is { } after ? Show.Time(after) : fault.RecoveryWasCutOff(all) ? "not seen before the outage" : "not seen")}</td></tr>
        """);
}
