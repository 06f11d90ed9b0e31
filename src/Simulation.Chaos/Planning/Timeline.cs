namespace Simulation.Chaos;

/// <summary>What has been planned so far: who is busy when, and how many workers there are.</summary>
internal sealed class Timeline(ChaosOptions options, RunShape shape)
{
    private readonly List<PlannedFault> _faults = [];

    /// <summary>Those that may still get in the way of what comes.</summary>
    private readonly List<PlannedFault> _relevant = [];

    /// <summary>Who comes or goes by a fault; as long as nothing is added.</summary>
    private readonly Dictionary<PlannedFault, HashSet<int>> _moved = new(ReferenceEqualityComparer.Instance);

    public IReadOnlyList<PlannedFault> Faults => _faults;

    public void Add(PlannedFault fault)
    {
        _faults.Add(fault);
        _relevant.Add(fault);
        _moved.Clear();
    }

    /// <summary>From now on nothing is asked about the time before.</summary>
    public void Forget(TimeSpan before) => _relevant.RemoveAll(fault => fault.End < before && fault.At < before);

    /// <summary>Whether one more fault may go on during that time.</summary>
    public bool HasRoom(TimeSpan from, TimeSpan to) => Overlapping(from, to).Count() < options.MaxConcurrent;

    /// <summary>Whether a server is away that the fault needs, or the fault takes one away that another needs.</summary>
    public bool MissesServers(PlannedFault fault) => Overlapping(fault.At, fault.End).Any(other => TakesServerFrom(fault, other) || TakesServerFrom(other, fault));

    /// <summary>Numbers of the workers that are there at that time, or come back, as far as it is planned.</summary>
    public IReadOnlyCollection<int> WorkersAt(TimeSpan time) => CrewAt(time, _faults).Numbers;

    /// <summary>Partitions that are sent to at that time, as far as it is planned.</summary>
    public int PartitionsAt(TimeSpan time) => shape.Partitions + _faults.Where(fault => fault.At <= time).Sum(fault => fault.PartitionChange);

    /// <summary>Whether nothing else happens to the target during that time.</summary>
    public bool IsFree(string target, TimeSpan from, TimeSpan to) => !Overlapping(from, to).Any(fault => Occupies(fault, target));

    /// <summary>Whoever leads is anybody: so nothing else may happen to any of them.</summary>
    public bool IsLeaderFree(TargetKind kind, TimeSpan from, TimeSpan to) =>
        shape.Targets(kind, WorkersAt(from)).All(target => IsFree(target, from, to));

    /// <summary>How many workers can come at that time without there being too many, then or later.</summary>
    public int RoomAbove(TimeSpan at) => options.MaxWorkers - TimesFrom(at).Max(time => WorkersAt(time).Count);

    /// <summary>How many workers can go at that time: neither too many then or later, nor one that something happens to.</summary>
    public int RoomBelow(TimeSpan at)
    {
        int most = TimesFrom(at).Min(time => WorkersAt(time).Count) - options.MinWorkers;
        return WorkersAt(at).Reverse().Take(Math.Max(0, most)).TakeWhile(worker => IsFree(RunShape.Worker(worker), at, at)).Count();
    }

    /// <summary>Whether whoever is hit later, by what is planned already, is there then as well with this fault.</summary>
    public bool KeepsLaterTargets(PlannedFault fault) => !fault.ChangesWorkers || _faults.Where(later => later.At > fault.At).All(later =>
    {
        IReadOnlyCollection<int> there = CrewAt(later.At, _faults.Append(fault)).Numbers;
        return later.Targets.Select(WorkerIn).OfType<int>().All(there.Contains);
    });

    /// <summary>How many partitions can be added at that time without there being too many, then or later.</summary>
    public int PartitionsAbove(TimeSpan at) => options.MaxPartitions - TimesFrom(at).Max(PartitionsAt);

    /// <summary>How many partitions can be retired at that time without there being too few, then or later.</summary>
    public int PartitionsBelow(TimeSpan at) => TimesFrom(at).Min(PartitionsAt) - options.MinPartitions;

    private static bool TakesServerFrom(PlannedFault taker, PlannedFault needy) =>
        FaultCatalogue.Of(taker.Kind) is { Targets: TargetKind.Server, Lasts: true } && FaultCatalogue.Of(needy.Kind).NeedsServers;

    /// <summary>Null for a target that is no worker's name.</summary>
    private static int? WorkerIn(string target) =>
        target.StartsWith("worker-", StringComparison.Ordinal) && int.TryParse(target["worker-".Length..], out int number) ? number : null;

    private Crew CrewAt(TimeSpan time, IEnumerable<PlannedFault> faults) =>
        new(shape, faults.Where(fault => fault.ChangesWorkers && fault.At <= time).OrderBy(fault => fault.At));

    private IEnumerable<TimeSpan> TimesFrom(TimeSpan at) =>
        _faults.Where(fault => fault.At > at && (fault.ChangesWorkers || fault.PartitionChange != 0)).Select(fault => fault.At).Prepend(at);

    private IEnumerable<PlannedFault> Overlapping(TimeSpan from, TimeSpan to) =>
        _relevant.Where(fault => fault.At == from || (fault.At < to && from < fault.End));

    /// <summary>Also those that come or go, and whoever lives with one that is hit.</summary>
    private bool Occupies(PlannedFault fault, string target) =>
        fault.HitsLeader ? shape.MayLead(target, FaultCatalogue.Of(fault.Kind).Targets)
        : fault.Targets.Any(hit => shape.AreTogether(hit, target)) || (WorkerIn(target) is { } worker && MovedBy(fault).Contains(worker));

    private HashSet<int> MovedBy(PlannedFault fault)
    {
        if (!fault.ChangesWorkers)
        {
            return [];
        }

        if (!_moved.TryGetValue(fault, out HashSet<int>? moved))
        {
            _moved[fault] = moved = [.. WorkersAt(fault.At)];
            moved.SymmetricExceptWith(CrewAt(fault.At, _faults.Where(other => !ReferenceEquals(other, fault))).Numbers);
        }

        return moved;
    }
}
