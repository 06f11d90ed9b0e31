using Simulation.History;
using Simulation.Host.Exploring;
using Simulation.Host.Tests.Exploring;

namespace Simulation.Host.Tests.Virtual;

/// <summary>What is done to the handling of messages has to be felt by somebody, also where most workers have nothing to do.</summary>
public sealed class IdleWorkerTests
{
    /// <summary>Four of six workers own nothing.</summary>
    [Theory]
    [InlineData("slow_consumer", "worker-0")]
    [InlineData("slow_consumer", "worker-5")]
    [InlineData("slow_consumer", "[worker-1, worker-2, worker-3, worker-4]")]
    [InlineData("slow_consumer", "all")]
    [InlineData("consumer_ack_loss", "worker-0")]
    [InlineData("consumer_ack_loss", "worker-5")]
    [InlineData("consumer_ack_loss", "all")]
    [InlineData("consumer_ack_loss", "leader")]
    public void Fault_AimedAtWorkersOfWhomMostOwnNothing_HitsThoseWhoDo(string kind, string targets)
    {
        Verdict verdict = Run($"{{at: 5s, event: {kind}, targets: {targets}, for: 5s}}", "partitions.count=2", "workers.count=6", "chaos.max_workers=6");

        Assert.Equal(VerdictOutcome.Passed, verdict.Outcome);
        Assert.Equal(1, verdict.FaultsBit);
    }

    /// <summary>A message comes every forty seconds or so.</summary>
    [Theory]
    [InlineData("slow_consumer")]
    [InlineData("consumer_ack_loss")]
    public void Fault_WhileNoMessageComes_WaitsForOne(string kind)
    {
        Verdict verdict = Run(
            $"{{at: 5s, event: {kind}, targets: worker-0, for: 1s}}",
            "partitions.count=1", "workers.count=1", "partitions.message_rate_per_partition=0.025", "simulation.duration=10m");

        Assert.Equal(VerdictOutcome.Passed, verdict.Outcome);
        Assert.Equal(1, verdict.FaultsBit);
    }

    [Fact]
    public void Fault_NoMessageComesBeforeTheEnd_LeavesADoubt()
    {
        Verdict verdict = Run(
            "{at: 59s, event: slow_consumer, targets: worker-0, for: 1s}",
            "partitions.count=1", "workers.count=1", "partitions.message_rate_per_partition=0.05");

        Assert.Equal(VerdictOutcome.Inconclusive, verdict.Outcome);
        Assert.Equal("Fault 1 (slow_consumer (worker-0)) did not bite: nothing came that it could have touched.", Assert.Single(verdict.Doubts).Text);
    }

    private static Verdict Run(string fault, params string[] sets)
    {
        SeedResult result = SeedRunner.Run(new SeedCase(
            ExploringConfig.Create(sets: [.. sets, "simulation.seed=1", "chaos.enabled=true", $"chaos.scheduled=[{fault}]"]), []));
        return result.Verdict ?? throw new InvalidOperationException(result.Why);
    }
}
