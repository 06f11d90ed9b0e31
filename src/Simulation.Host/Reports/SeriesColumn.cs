using Simulation.History;

namespace Simulation.Host.Reports;

/// <summary>Some seconds of a run in a row, as one point of a plot. Merging loses the order within, and no maximum.</summary>
internal sealed class SeriesColumn
{
    public long UnixSeconds { get; private init; }

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

    public static SeriesColumn Of(SecondView view)
    {
        (RunSecond second, ProcessSample? process, double? cpu) = view;
        var column = new SeriesColumn
        {
            UnixSeconds = second.UnixSeconds,
            Seconds = 1,
            Intended = second.Intended,
            Sent = second.Sent,
            Received = second.Received,
            Redeliveries = second.Redeliveries,
            Moved = second.PartitionsMoved,
            MostSent = second.Sent,
            MostReceived = second.Received,
            MostLag = second.Lag,
            MostGaps = second.GapsPending,
            FewestWorkers = second.Workers,
            MostWorkers = second.Workers,
            FewestOwned = second.PartitionsOwned,
            MostFaults = second.FaultsActive,
            MostMemory = process?.MemoryBytes,
            MostHeap = process?.HeapBytes,
            MostCpu = cpu,
        };
        column.Publish.Add(second.PublishLatency);
        column.EndToEnd.Add(second.EndToEndLatency);
        return column;
    }

    /// <summary>Takes in the one that follows.</summary>
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
