using Simulation.History;

namespace Simulation.Host.Reports.Comparing;

/// <summary>Some seconds of steady time in a row: what is drawn as a whole, because seconds that follow each other are alike.</summary>
internal sealed class SteadyBlock : IPiece<SteadyBlock>
{
    public int Seconds { get; private set; }

    public long Received { get; private set; }

    public long Lag { get; private set; }

    public LatencyHistogram Publish { get; } = new();

    public LatencyHistogram EndToEnd { get; } = new();

    /// <summary>Processors used, summed over the seconds in which that is known.</summary>
    public double Cpu { get; private set; }

    public int CpuSeconds { get; private set; }

    public void Add(SecondView view)
    {
        (RunSecond second, _, double? cpu) = view;
        Seconds++;
        Received += second.Received;
        Lag += second.Lag;
        Publish.Add(second.PublishLatency);
        EndToEnd.Add(second.EndToEndLatency);
        Cpu += cpu ?? 0;
        CpuSeconds += cpu is null ? 0 : 1;
    }

    public void Merge(SteadyBlock next)
    {
        Seconds += next.Seconds;
        Received += next.Received;
        Lag += next.Lag;
        Publish.Add(next.Publish);
        EndToEnd.Add(next.EndToEnd);
        Cpu += next.Cpu;
        CpuSeconds += next.CpuSeconds;
    }
}
