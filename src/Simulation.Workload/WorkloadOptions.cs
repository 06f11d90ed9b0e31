using System.Collections.Immutable;

namespace Simulation.Workload;

/// <summary>What is sent, how much of it, and how long it takes to process. Each property is one section of the configuration file.</summary>
public sealed record WorkloadOptions
{
    /// <summary>Section <c>partitions</c>.</summary>
    public PartitionOptions Partitions { get; init; } = new();

    /// <summary>Section <c>producers</c>.</summary>
    public ProducerOptions Producers { get; init; } = new();

    /// <summary>Section <c>message</c>.</summary>
    public MessageOptions Messages { get; init; } = new();

    /// <summary>Section <c>workers.processing_delay</c>.</summary>
    public ProcessingDelayOptions ProcessingDelay { get; init; } = new();

    /// <returns>Every problem at once; empty when a <see cref="WorkloadPlan"/> can be made.</returns>
    public ImmutableArray<OptionProblem> Validate()
    {
        var problems = ImmutableArray.CreateBuilder<OptionProblem>();
        Partitions.Validate(problems);
        Producers.Validate(Partitions.Count, problems);
        Messages.Validate(problems);
        ProcessingDelay.Validate(problems);
        return problems.ToImmutable();
    }
}
