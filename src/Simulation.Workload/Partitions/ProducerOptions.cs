using System.Collections.Immutable;

namespace Simulation.Workload;

/// <summary>How many producers there are and how they send.</summary>
public sealed record ProducerOptions
{
    /// <summary>Number of producers. Default 10.</summary>
    public int Count { get; init; } = 10;

    /// <summary>Partitions that one producer takes, in order, until all are taken. Default null: all partitions in equal parts.</summary>
    public int? PartitionsPerProducer { get; init; }

    /// <summary>When messages are sent. Default even.</summary>
    public ArrivalPattern Arrivals { get; init; } = ArrivalPattern.Even;

    /// <summary>Section <c>rate_variation</c>.</summary>
    public RateVariationOptions RateVariation { get; init; } = new();

    internal void Validate(int partitionCount, ImmutableArray<OptionProblem>.Builder problems)
    {
        OptionProblem.Require(Count >= 1, "producers.count", $"{Count} is not a number of producers; give at least 1.", problems);
        if (PartitionsPerProducer is { } each)
        {
            OptionProblem.Require(each >= 1, "producers.partitions_per_producer",
                $"{each} is not a number of partitions; give at least 1, or leave it out.", problems);
            if (each >= 1 && Count >= 1 && partitionCount >= 1)
            {
                OptionProblem.Require(ProducerLayout.Covers(partitionCount, Count, each), "producers.partitions_per_producer",
                    ProducerLayout.CannotCover(partitionCount, Count, each), problems);
            }
        }

        RateVariation.Validate(problems);
    }
}
