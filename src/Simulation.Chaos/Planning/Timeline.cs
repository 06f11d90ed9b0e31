namespace Simulation.Chaos;

/// <summary>What has been planned so far: who is busy when, and how many workers there are.</summary>
internal sealed class Timeline(ChaosOptions options, RunShape shape)
{
    private readonly List<PlannedFault> _faults = [];

    /// <summary>Those that may still get in the way of what comes.</summary>
    private readonly List<PlannedFault> _relevant = [];

    public IReadOnlyList<PlannedFault> Faults => _faults;

    public void Add(PlannedFault fault)
    {
        _faults.Add(fault);
        _relevant.Add(fault);
    }

    /// <summary>From now on nothing is asked about the time before.</summary>
    public void Forget(TimeSpan before) => _relevant.RemoveAll(fault => fault.End < before && fault.At < before);

    /// <summary>Whether one more fault may go on during that time.</summary>
    public bool HasRoom(TimeSpan from, TimeSpan to) => Overlapping(from, to).Count() < options.MaxConcurrent;

    /// <summary>Whether a server is away that the fault needs, or the fault takes one away that another needs.</summary>
    public bool MissesServers(PlannedFault fault) => Overlapping(fault.At, fault.End).Any(other => TakesServerFrom(fault, other) || TakesServerFrom(other, fault));

    /// <summary>Workers that are there at that time, as far as it is planned.</summary>
    public int WorkersAt(TimeSpan time) => shape.Workers + _faults.Where(fault => fault.At <= time).Sum(fault => fault.WorkerChange);

    /// <summary>Partitions that are sent to at that time, as far as it is planned.</summary>
    public int PartitionsAt(TimeSpan time) => shape.Partitions + _faults.Where(fault => fault.At <= time).Sum(fault => fault.PartitionChange);

    /// <summary>Whether nothing else happens to the target during that time.</summary>
    public bool IsFree(string target, TimeSpan from, TimeSpan to) => !Overlapping(from, to).Any(fault => Occupies(fault, target));

    /// <summary>Whoever leads is anybody: so nothing else may happen to any of them.</summary>
    public bool IsLeaderFree(TargetKind kind, TimeSpan from, TimeSpan to) =>
        shape.Targets(kind, WorkersAt(from)).All(target => IsFree(target, from, to));

    /// <summary>How many workers can come at that time without there being too many, then or later.</summary>
    public int RoomAbove(TimeSpan at) => options.MaxWorkers - TimesFrom(at).Max(WorkersAt);

    /// <summary>How many workers can go at that time: neither too many then or later, nor one that something happens to.</summary>
    public int RoomBelow(TimeSpan at)
    {
        int there = WorkersAt(at);
        int most = TimesFrom(at).Min(WorkersAt) - options.MinWorkers;
        int needed = _faults.Where(fault => fault.At > at).SelectMany(fault => fault.Targets).Select(WorkersFor).Append(0).Max();
        for (int gone = 1; gone <= most; gone++)
        {
            if (there - gone < needed || !IsFree(RunShape.Worker(there - gone), at, at))
            {
                return gone - 1;
            }
        }

        return most;
    }

    /// <summary>How many partitions can be added at that time without there being too many, then or later.</summary>
    public int PartitionsAbove(TimeSpan at) => options.MaxPartitions - TimesFrom(at).Max(PartitionsAt);

    /// <summary>How many partitions can be retired at that time without there being too few, then or later.</summary>
    public int PartitionsBelow(TimeSpan at) => TimesFrom(at).Min(PartitionsAt) - options.MinPartitions;

    private static bool TakesServerFrom(PlannedFault taker, PlannedFault needy) =>
        FaultCatalogue.Of(taker.Kind) is { Targets: TargetKind.Server, Lasts: true } && FaultCatalogue.Of(needy.Kind).NeedsServers;

    /// <summary>How many workers there must be for that one to be among them.</summary>
    private static int WorkersFor(string target) =>
        target.StartsWith("worker-", StringComparison.Ordinal) && int.TryParse(target["worker-".Length..], out int number) ? number + 1 : 0;

    private IEnumerable<TimeSpan> TimesFrom(TimeSpan at) =>
        _faults.Where(fault => fault.At > at && (fault.WorkerChange != 0 || fault.PartitionChange != 0)).Select(fault => fault.At).Prepend(at);

    private IEnumerable<PlannedFault> Overlapping(TimeSpan from, TimeSpan to) =>
        _relevant.Where(fault => fault.At == from || (fault.At < to && from < fault.End));

    private bool Occupies(PlannedFault fault, string target)
    {
        if (fault.Kind == FaultKind.ScaleDown)
        {
            int left = WorkersAt(fault.At);
            return WorkersFor(target) > left && WorkersFor(target) <= left - fault.WorkerChange;
        }

        return fault.HitsLeader ? shape.MayLead(target, FaultCatalogue.Of(fault.Kind).Targets) : fault.Targets.Contains(target);
    }
}
