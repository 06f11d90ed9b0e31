namespace Simulation.Workload.Tests;

public sealed class WorkloadOptionsTests
{
    [Fact]
    public void Validate_Defaults_HaveNoProblem() => Assert.Empty(new WorkloadOptions().Validate());

    [Fact]
    public void Validate_ManyImpossibleValues_ReportsEachWithItsKey()
    {
        var options = new WorkloadOptions
        {
            Partitions = new PartitionOptions
            {
                Count = 0,
                MessageRatePerPartition = double.NaN,
                Distribution = WeightDistribution.Exponential,
                Exponential = new ExponentialWeightOptions { ExtremePercent = 5, ExtremeWeight = 0, NormalWeight = -1 },
            },
            Producers = new ProducerOptions
            {
                Count = -1,
                PartitionsPerProducer = 0,
                RateVariation = new RateVariationOptions { MinMultiplier = 0, MaxMultiplier = -1, RampInterval = TimeSpan.Zero },
            },
            Messages = new MessageOptions { Size = 127 },
            ProcessingDelay = new ProcessingDelayOptions { Min = TimeSpan.FromTicks(-1), Max = TimeSpan.FromTicks(-2) },
        };

        Assert.Equal(
            [
                "partitions.count",
                "partitions.message_rate_per_partition",
                "partitions.weights.exponential.extreme_percent",
                "partitions.weights.exponential.extreme_weight",
                "partitions.weights.exponential.normal_weight",
                "producers.count",
                "producers.partitions_per_producer",
                "producers.rate_variation.min_multiplier",
                "producers.rate_variation.max_multiplier",
                "producers.rate_variation.ramp_interval",
                "message.size",
                "workers.processing_delay.min",
                "workers.processing_delay.max",
            ],
            options.Validate().Select(problem => problem.Key));
    }

    [Fact]
    public void Validate_ProducersThatCannotCover_GivesTheNumbersAndTheRemedy()
    {
        var options = new WorkloadOptions { Producers = new ProducerOptions { Count = 3, PartitionsPerProducer = 30 } };

        var problem = Assert.Single(options.Validate());

        Assert.Equal("producers.partitions_per_producer", problem.Key);
        Assert.Contains("3 producers with 30 partitions each cover 90 of 100 partitions; give at least 34", problem.Message);
    }

    [Fact]
    public void Plan_ImpossibleOptions_ThrowsWithTheirProblems()
    {
        var error = Assert.Throws<ArgumentException>(
            () => new WorkloadPlan(new WorkloadOptions { Messages = new MessageOptions { Size = 1 } }, seed: 1));

        Assert.Contains("message.size: 1 bytes", error.Message);
    }

    [Fact]
    public void RateOf_AllPartitions_AddsUpToTheTotal()
    {
        var plan = new WorkloadPlan(
            new WorkloadOptions
            {
                Partitions = new PartitionOptions { Count = 1500, MessageRatePerPartition = 0.01, Distribution = WeightDistribution.Exponential },
            },
            seed: 1);

        Assert.Equal(15, plan.TotalRate, precision: 9);
        Assert.Equal(15, Enumerable.Range(0, 1500).Sum(plan.RateOf), precision: 9);
    }
}
