using System.Collections.Immutable;
using System.Globalization;
using Simulation.Kernel;

namespace Simulation.Chaos;

/// <summary>One fault of a plan. Nothing in it is left to be drawn, except who leads: that shows when it happens.</summary>
public sealed record PlannedFault
{
    /// <summary>The target that is whoever leads when the fault happens.</summary>
    public const string Leader = "leader";

    private const int MostNamed = 4;

    /// <summary>From 1, in the order of <see cref="At"/>.</summary>
    public required int Number { get; init; }

    /// <summary>Since sending began.</summary>
    public required TimeSpan At { get; init; }

    public required FaultKind Kind { get; init; }

    /// <summary>Names such as <c>worker-42</c>, or <see cref="Leader"/>; empty for faults of the whole run.</summary>
    public ImmutableArray<string> Targets { get; init; } = [];

    /// <summary>How long it lasts; null for a fault that happens and is not undone.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>One value for each of the kind's other parameters, as text.</summary>
    public ImmutableSortedDictionary<string, string> Parameters { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public string Name => FaultCatalogue.NameOf(Kind);

    /// <summary>When it is over.</summary>
    public TimeSpan End => At + (For ?? TimeSpan.Zero);

    public bool HitsLeader => Targets is [Leader];

    /// <summary>Whoever is hit does not come back; somebody new does.</summary>
    internal bool Replaces => Kind == FaultKind.WorkerCrash && Parameters.GetValueOrDefault(FaultEntry.Replaced) == "true";

    /// <summary>Whether it decides which workers there are.</summary>
    internal bool ChangesWorkers => Kind is FaultKind.ScaleUp or FaultKind.ScaleDown || Replaces;

    /// <summary>So many more partitions, or (negative) fewer.</summary>
    public int PartitionChange =>
        Kind != FaultKind.PartitionChanges ? 0 : Word(FaultEntry.Change) == FaultEntry.Retire ? -Count(FaultEntry.By) : Count(FaultEntry.By);

    public int Count(string parameter) => int.Parse(Parameters[parameter], CultureInfo.InvariantCulture);

    public double Ratio(string parameter) => double.Parse(Parameters[parameter], CultureInfo.InvariantCulture);

    public TimeSpan Time(string parameter) => Duration.TryParse(Parameters[parameter], out TimeSpan time)
        ? time
        : throw new FormatException($"{Name}: {parameter} '{Parameters[parameter]}' is no duration.");

    public string Word(string parameter) => Parameters[parameter];

    /// <summary>The same as something that can be configured.</summary>
    public ScheduledFault ToScheduled() => new(At, new FaultSettings(
        Kind, Targets, For is { } time ? Parameters.SetItem(FaultEntry.For, Duration.Format(time)) : Parameters));

    /// <summary>The targets as people read them: not every name of a hundred.</summary>
    public string TargetsInShort => Targets.Length <= MostNamed
        ? string.Join(", ", Targets)
        : $"{string.Join(", ", Targets.Take(MostNamed - 1))} and {Targets.Length - MostNamed + 1} more";

    /// <summary>As people read it: <c>worker_crash (worker-42)</c>.</summary>
    public override string ToString()
    {
        string about = Targets.IsEmpty ? string.Join(", ", Parameters.Values) : TargetsInShort;
        return about.Length == 0 ? Name : $"{Name} ({about})";
    }
}
