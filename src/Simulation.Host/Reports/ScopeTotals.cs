using Simulation.History;

namespace Simulation.Host.Reports;

/// <summary>What one kind of time was like: the run with nothing broken, during faults, while it recovered, and in the drain.</summary>
internal sealed class ScopeTotals(RunScope scope)
{
    public RunScope Scope { get; } = scope;

    public long Seconds { get; private set; }

    public long Sent { get; private set; }

    public long Received { get; private set; }

    public long MostLag { get; private set; }

    public LatencyHistogram Publish { get; } = new();

    public LatencyHistogram EndToEnd { get; } = new();

    public void Add(RunSecond second)
    {
        Seconds++;
        Sent += second.Sent;
        Received += second.Received;
        MostLag = Math.Max(MostLag, second.Lag);
        Publish.Add(second.PublishLatency);
        EndToEnd.Add(second.EndToEndLatency);
    }
}
