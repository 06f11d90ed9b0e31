using System.Collections.Immutable;
using Simulation.Host.Configuration;

namespace Simulation.Host.Exploring;

internal sealed record ExploreOptions
{
    public required SimulationConfig Config { get; init; }

    public required SeedRange Seeds { get; init; }

    /// <summary>Seeds at a time.</summary>
    public required int Parallel { get; init; }

    /// <summary>End at the first violation.</summary>
    public bool UntilViolation { get; init; }

    /// <summary>Real time after which no new seed is begun.</summary>
    public TimeSpan AtMost { get; init; } = TimeSpan.MaxValue;

    /// <summary>The process of each run dies, once or a few times, and it is resumed.</summary>
    public bool ProcessDies { get; init; }

    public ImmutableSortedSet<string> Planted { get; init; } = [];
}
