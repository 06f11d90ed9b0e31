using System.Collections.Immutable;
using Simulation.Kernel;

namespace Simulation.Workload;

/// <summary>How long a worker's handler takes for one message: uniform between the two.</summary>
public sealed record ProcessingDelayOptions
{
    /// <summary>Shortest. Default 10 ms.</summary>
    public TimeSpan Min { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Longest. Default 50 ms.</summary>
    public TimeSpan Max { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The delay for the next message, by the worker's own stream.</summary>
    public TimeSpan Next(RandomStream random) => Min == Max ? Min : random.Uniform(Min, Max);

    internal void Validate(ImmutableArray<OptionProblem>.Builder problems)
    {
        OptionProblem.Require(Min >= TimeSpan.Zero, "workers.processing_delay.min", $"{Min} is below zero; give 0ms or more.", problems);
        OptionProblem.Require(Max >= Min, "workers.processing_delay.max", $"{Max} is below min {Min}; give at least that.", problems);
    }
}
