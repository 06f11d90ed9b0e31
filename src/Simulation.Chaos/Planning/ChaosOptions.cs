using System.Collections.Immutable;
using Simulation.Kernel;

namespace Simulation.Chaos;

/// <summary>What may break, how often, and how much of it at a time. The configuration's <c>chaos</c> section in this room's words.</summary>
public sealed record ChaosOptions
{
    /// <summary>Kinds that the seed draws from. Default none.</summary>
    public ImmutableArray<FaultChoice> Events { get; init; } = [];

    /// <summary>From one event, or one burst, to the next. Default 10 to 30 min.</summary>
    public DurationRange Interval { get; init; } = new(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30));

    public BurstOptions Bursts { get; init; } = new();

    /// <summary>Faults at given times, drawn or not. Default none.</summary>
    public ImmutableArray<ScheduledFault> Scheduled { get; init; } = [];

    /// <summary>Faults that last may overlap up to this many; what would pass it is left out. Default 1.</summary>
    public int MaxConcurrent { get; init; } = 1;

    /// <summary>Scaling down stops here. Default 1.</summary>
    public int MinWorkers { get; init; } = 1;

    /// <summary>Scaling up stops here.</summary>
    public required int MaxWorkers { get; init; }

    /// <summary>Retiring partitions stops here. Default 1.</summary>
    public int MinPartitions { get; init; } = 1;

    /// <summary>Adding partitions stops here. Default no limit.</summary>
    public int MaxPartitions { get; init; } = int.MaxValue;

    /// <summary>Whether workers may come under numbers that nobody has had.</summary>
    public bool MayReplace => Events.Select(choice => choice.Fault).Concat(Scheduled.Select(scheduled => scheduled.Fault))
        .Any(fault => fault.Parameters.GetValueOrDefault(FaultEntry.Replaced) == "true");

    /// <summary>Calm at the beginning; nothing is drawn there. Default 1 min.</summary>
    public TimeSpan Warmup { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Calm before the end: what is drawn is over by then. Default 1 min.</summary>
    public TimeSpan QuietBeforeEnd { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>Several faults in quick succession.</summary>
public sealed record BurstOptions
{
    /// <summary>How likely an event is to become a burst, 0 to 1. Default 0.</summary>
    public double Probability { get; init; }

    /// <summary>Faults of one burst. Default 5 to 9.</summary>
    public CountRange Events { get; init; } = new(5, 9);

    /// <summary>Between the faults of a burst. Default 1 to 4 s.</summary>
    public DurationRange Spacing { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));

    /// <summary>Nothing is drawn for so long after a burst. Default 1 to 2 min.</summary>
    public DurationRange Quiet { get; init; } = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));
}
