using System.Collections.Immutable;
using Simulation.Chaos;
using Simulation.Host.Configuration.Schema;
using Simulation.Kernel;

namespace Simulation.Host.Configuration;

public sealed record ChaosSection
{
    [Key("Break things.")]
    public bool Enabled { get; init; }

    [Key("Draws the schedule.", LeftOut = "follows from simulation.seed")]
    public ulong? Seed { get; init; }

    [Key("What may break: names, or `{name, weight, …parameters}`.", LeftOut = "nothing")]
    public ImmutableArray<FaultChoice> Events { get; init; } = [];

    [Key("Time from one event to the next.", Min = "100ms")]
    public DurationRange Interval { get; init; } = new(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30));

    [Key("Events at given times: `{at, event, …parameters}`.", LeftOut = "none")]
    public ImmutableArray<ScheduledFault> Scheduled { get; init; } = [];

    [Key("Events that may be active at one time.", Min = "1")]
    public int MaxConcurrent { get; init; } = 1;

    [Key("Scaling down stops here.", Min = "1")]
    public int MinWorkers { get; init; } = 1;

    [Key("Scaling up stops here.", Min = "1", LeftOut = "twice workers.count", Derived = nameof(SimulationConfig.MaxWorkers))]
    public int? MaxWorkers { get; init; }

    [Key("Retiring partitions stops here.", Min = "1")]
    public int MinPartitions { get; init; } = 1;

    [Key("Adding partitions stops here.", Min = "1", Max = "100000", LeftOut = "twice partitions.count", Derived = nameof(SimulationConfig.MaxPartitions))]
    public int? MaxPartitions { get; init; }

    [Key("Calm at the beginning.", Min = "0s")]
    public TimeSpan Warmup { get; init; } = TimeSpan.FromMinutes(1);

    [Key("Calm before the end.", Min = "0s")]
    public TimeSpan QuietBeforeEnd { get; init; } = TimeSpan.FromMinutes(1);

    [Key("Leave out what this machine cannot do, instead of refusing to start.")]
    public bool SkipUnavailable { get; init; }

    public BurstsSection Bursts { get; init; } = new();
}

public sealed record BurstsSection
{
    [Key("How likely an event is to become a burst.", Min = "0", Max = "1")]
    public double Probability { get; init; }

    [Key("Events of one burst.", Min = "1")]
    public CountRange Events { get; init; } = new(5, 9);

    [Key("Time between the events of a burst.", Min = "0s")]
    public DurationRange Spacing { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));

    [Key("Calm after a burst.", Min = "0s")]
    public DurationRange Quiet { get; init; } = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));
}
