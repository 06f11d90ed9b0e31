using System.Collections.Immutable;
using Simulation.Actors;
using Simulation.Chaos;
using Simulation.History;
using Simulation.Host.Configuration;
using Simulation.Kernel;
using Simulation.Persistence;

namespace Simulation.Host.Virtual;

/// <summary>What a virtual world is made of.</summary>
internal sealed record VirtualWorldOptions
{
    public required SimulationConfig Config { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>In memory, or the run's folder.</summary>
    public required IHistoryStore History { get; init; }

    public required IRunTelemetry Telemetry { get; init; }

    public required IChaosTelemetry ChaosTelemetry { get; init; }

    /// <summary>Where checkpoints are kept; null for a run without.</summary>
    public VirtualDisk? Disk { get; init; }

    /// <summary>Null for none.</summary>
    public IKernelLog? Log { get; init; }

    /// <summary>Defects of ours that are switched on, to see whether exploring finds them.</summary>
    public IReadOnlySet<string> Planted { get; init; } = ImmutableSortedSet<string>.Empty;

    public IWorldObserver? Observer { get; init; }
}
