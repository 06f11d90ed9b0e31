using Simulation.History;

namespace Simulation.Host.Reports;

/// <summary>Some seconds of a run in a row, as one point of a plot. Merging loses the order within, and no maximum.</summary>
internal sealed class SeriesColumn : IPiece<SeriesColumn>
{
    public long UnixSeconds { get; private set; }

    public int Seconds { get; private set; }

    public long Intended { get; private set; }

    public long Sent { get; private set; }

    public long Received { get; private set; }

    public long Redeliveries { get; private set; }

    public long Moved { get; private set; }

    public long MostSent { get; private set; }

    public long MostReceived { get; private set; }

    public long MostLag { get; private set; }

    public long MostGaps { get; private set; }

    public int FewestWorkers { get; private set; }

    public int MostWorkers { get; private set; }

    public int FewestOwned { get; private set; }

    public int MostFaults { get; private set; }

    /// <summary>Null where no sample was taken.</summary>
    public long? MostMemory { get; private set; }

    public long? MostHeap { get; private set; }

    public double? MostCpu { get; private set; }

    public LatencyHistogram Publish { get; } = new();

    public LatencyHistogram EndToEnd { get; } = new();

    public void Add(SecondView view)
    {
        (RunSecond second, ProcessSample? process, double? cpu) = view;
        if (Seconds++ == 0)
        {
            (UnixSeconds, FewestWorkers, FewestOwned) = (second.UnixSeconds, second.Workers, second.PartitionsOwned);
        }

        Intended += second.Intended;
        Sent += second.Sent;
        Received += second.Received;
        Redeliveries += second.Redeliveries;
        Moved += second.PartitionsMoved;
        MostSent = Math.Max(MostSent, second.Sent);
        MostReceived = Math.Max(MostReceived, second.Received);
        MostLag = Math.Max(MostLag, second.Lag);
        MostGaps = Math.Max(MostGaps, second.GapsPending);
        FewestWorkers = Math.Min(FewestWorkers, second.Workers);
        MostWorkers = Math.Max(MostWorkers, second.Workers);
        FewestOwned = Math.Min(FewestOwned, second.PartitionsOwned);
        MostFaults = Math.Max(MostFaults, second.FaultsActive);
        MostMemory = Most(MostMemory, process?.MemoryBytes);
        MostHeap = Most(MostHeap, process?.HeapBytes);
        MostCpu = Most(MostCpu, cpu);
        Publish.Add(second.PublishLatency);
        EndToEnd.Add(second.EndToEndLatency);
    }

    public void Merge(SeriesColumn next)
    {
        Seconds += next.Seconds;
        Intended += next.Intended;
        Sent += next.Sent;
        Received += next.Received;
        Redeliveries += next.Redeliveries;
        Moved += next.Moved;
        MostSent = Math.Max(MostSent, next.MostSent);
        MostReceived = Math.Max(MostReceived, next.MostReceived);
        MostLag = Math.Max(MostLag, next.MostLag);
        MostGaps = Math.Max(MostGaps, next.MostGaps);
        FewestWorkers = Math.Min(FewestWorkers, next.FewestWorkers);
        MostWorkers = Math.Max(MostWorkers, next.MostWorkers);
        FewestOwned = Math.Min(FewestOwned, next.FewestOwned);
        MostFaults = Math.Max(MostFaults, next.MostFaults);
        MostMemory = Most(MostMemory, next.MostMemory);
        MostHeap = Most(MostHeap, next.MostHeap);
        MostCpu = Most(MostCpu, next.MostCpu);
        Publish.Add(next.Publish);
        EndToEnd.Add(next.EndToEnd);
    }

    private static T? Most<T>(T? one, T? other)
        where T : struct, IComparable<T> =>
        one is null ? other : other is null || one.Value.CompareTo(other.Value) >= 0 ? one : other;
}
