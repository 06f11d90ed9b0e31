using Simulation.History;

namespace Simulation.Host.Reports.Html;

/// <summary>A row a partition; of very many, those with the most messages.</summary>
internal static class PartitionsSection
{
    private const int MostShown = 2000;

    public static Markup? Write(RunReport run)
    {
        KeyValuePair<int, PartitionSummary>[] all = [.. run.Reading.Partitions];
        if (all.Length == 0)
        {
            return null;
        }

        KeyValuePair<int, PartitionSummary>[] shown = [.. all.OrderByDescending(entry => entry.Value.Sent).Take(MostShown).OrderBy(entry => entry.Key)];
        return Markup.Of($"""
            <p class="note">Left are messages acknowledged and never processed. Latencies are from when a message was meant to be sent to its first delivery. A partition moves when another worker comes to own it.</p>
            {(shown.Length < all.Length ? Markup.Of($"""<p class="note">The {Show.Count(shown.Length)} of {Show.Count(all.Length)} partitions with the most messages.</p>""") : null)}
            <div class="scroll tall" tabindex="0" aria-label="Partitions"><table class="sortable" id="partition-table">
            <thead><tr>{Head("Partition")}{Head("Acknowledged")}{Head("Processed")}{Head("Left")}{Head("Redelivered")}{Head("Duplicates")}{Head("Mean latency")}{Head("Max latency")}{Head("Moves")}{RecoverySection.Head("Last owner", false)}</tr></thead>
            <tbody>{Markup.Join(shown, Row)}</tbody></table></div>
            """);
    }

    private static Markup Head(string name) => RecoverySection.Head(name, true);

    private static Markup Row(KeyValuePair<int, PartitionSummary> entry)
    {
        (int partition, PartitionSummary summary) = entry;
        long left = summary.Sent - summary.Received;
        return Markup.Of($"""
            <tr class="{(left > 0 ? "bad" : "")}"><td class="n" data-v="{partition}">{partition}</td>{Number(summary.Sent)}{Number(summary.Received)}{Number(Math.Max(0, left))}{Number(summary.Redeliveries)}{Number(summary.Duplicates)}{Latency(summary.MeanLatency)}{Latency(summary.MaxLatency)}{Number(summary.Moves)}<td>{summary.LastOwner ?? Show.Nothing}</td></tr>
            """);
    }

    private static Markup Number(long value) => Markup.Of($"""<td class="n{(value == 0 ? " quiet" : "")}" data-v="{value}">{Show.Count(value)}</td>""");

    private static Markup Latency(TimeSpan time) => Markup.Of($"""<td class="n" data-v="{time.TotalMilliseconds}">{Show.Time(time)}</td>""");
}
