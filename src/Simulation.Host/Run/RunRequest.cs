using System.Collections.Immutable;
using Simulation.History;
using Simulation.Host.Checkpoints;
using Simulation.Host.Configuration;
using Simulation.Host.Telemetry;
using Simulation.Host.Thresholds;
using Simulation.Host.View;

namespace Simulation.Host.Run;

/// <summary>Builds and runs the real thing: servers, actors and all. Everything around it is <see cref="CommandLine.RunCommand"/>'s.</summary>
public interface IRunComposition
{
    /// <summary>
    /// Runs to the end, or to the drain when <see cref="Shutdown.Drain"/> asks for it, or away when <see cref="Shutdown.Stop"/> does;
    /// leaves nothing running. Throws <see cref="CommandLine.UserErrorException"/> for what the user can put right.
    /// </summary>
    Task<RunConclusion> RunAsync(RunRequest request);
}

/// <summary>What a run is given.</summary>
public sealed record RunRequest
{
    /// <summary>Complete: the seed is there too.</summary>
    public required SimulationConfig Config { get; init; }

    public required ulong Seed { get; init; }

    public required RunFolder Folder { get; init; }

    /// <summary>The run had begun, and was interrupted: its folder has what it needs to go on.</summary>
    public bool IsResumed { get; init; }

    /// <inheritdoc cref="Actors.Resumption.MayHaveSurvivors"/>
    public bool MayHaveSurvivors { get; init; }

    /// <summary>The command line by which another process gets the same configuration and seed.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    public required RunLog Log { get; init; }

    public required RunInstruments Instruments { get; init; }

    public required Shutdown Shutdown { get; init; }

    /// <summary>Null when nobody listens to it.</summary>
    public CheckpointSignal? CheckpointSignal { get; init; }

    /// <summary>Follows the thresholds that may end the run, which is to be asked again and again; null when there are none.</summary>
    internal ThresholdWatch? Thresholds { get; init; }

    /// <summary>Call it a few times a second: feeds the view, the progress lines and the metrics.</summary>
    public required Action<RunSnapshot> Show { get; init; }
}

/// <summary>What came out.</summary>
public sealed record RunConclusion
{
    /// <summary>Null only after <see cref="Shutdown.Stop"/>.</summary>
    public required Verdict? Verdict { get; init; }

    /// <summary>All of it; the verdict has the first of each class.</summary>
    public ImmutableArray<Evidence> Evidence { get; init; } = [];

    /// <summary>Why it ended before its time; null when it did not.</summary>
    public string? EndedEarly { get; init; }

    /// <summary>It was stopped, and what it had on somebody else's server is gone.</summary>
    public bool Abandoned { get; init; }

    /// <summary>Versions of the servers that it ran against.</summary>
    public ImmutableArray<string> Servers { get; init; } = [];
}
