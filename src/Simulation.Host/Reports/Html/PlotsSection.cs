namespace Simulation.Host.Reports.Html;

/// <summary>The frames that the script draws into.</summary>
internal static class PlotsSection
{
    public static Markup? Write(RunReport run)
    {
        if (run.Reading.Columns.Count == 0)
        {
            return null;
        }

        bool anyFaults = run.Verdict is { Faults.IsEmpty: false };
        bool wasResumed = anyFaults && run.Verdict!.Faults.Any(fault => fault.IsOutage);
        bool anySamples = run.Reading.Columns.Any(column => column.MostMemory is not null);
        return Markup.Of($"""
            <p class="note">Time counts from the first message{(anyFaults ? "; where something was broken the ground is shaded, lighter until all was well again" : "")}{(wasResumed ? "; coordinator_outage is the time in which the run was dead, until it was resumed" : "")}. Dotted lines are where sending begins and where it ends. Point at a time, or go there with the arrow keys, and every plot tells it.</p>
            <div class="plots">
            {(anyFaults ? Figure("faults", "Faults", "Each kind of fault over time", lanes: true) : null)}
            {Figure("throughput", "Throughput, messages a second", "Messages a second over time")}
            {Figure("endToEnd", "Latency, end to end", "From the moment a message was meant to be sent to its first delivery")}
            {Figure("heat", "How many messages at which latency, end to end", "Heat map of end-to-end latency")}
            {Figure("publish", "Latency, publish", "From a publish to its acknowledgement")}
            <div class="pair">{Figure("lag", "Lag, messages", "Messages acknowledged and not processed, and messages missing")}{Figure("workers", "Workers and moved partitions", "Workers that own partitions, and partitions that changed owner")}</div>
            {(anySamples ? Markup.Of($"""<div class="pair">{Figure("memory", "Memory of the harness", "Memory that the harness has for itself, and its managed heap")}{Figure("cpu", "CPU of the harness, processors", "Processors used")}</div>""") : null)}
            </div>
            """);
    }

    private static Markup Figure(string plot, string title, string description, bool lanes = false) => Markup.Of($"""
        <figure data-plot="{plot}"{Markup.Raw(lanes ? " data-lanes=\"1\"" : "")} aria-label="{description}">
        <figcaption><h3>{title}</h3><span class="when" aria-live="polite"></span></figcaption><div class="legend"></div>
        <svg class="plot" role="img" aria-label="{description}"></svg></figure>
        """);
}
