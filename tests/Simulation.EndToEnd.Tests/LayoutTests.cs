using Simulation.Actors;
using Simulation.History;
using Simulation.Partitioning;
using Simulation.Workload;

namespace Simulation.EndToEnd.Tests;

/// <summary>What a layout of consumers costs when workers come and go.</summary>
public sealed class LayoutTests
{
    private static readonly WorkloadOptions Busy = RunRig.SmallWorkload with
    {
        Partitions = new PartitionOptions { Count = 20, MessageRatePerPartition = 50 },
        ProcessingDelay = new ProcessingDelayOptions { Min = TimeSpan.Zero, Max = TimeSpan.Zero },
    };

    /// <summary>
    /// Each durable keeps its own position. What is stored of a partition between the old owner's shrink and the new owner's growth lies
    /// behind the new owner's position, so nobody is ever given it, and the server counts nothing as pending.
    /// </summary>
    [Fact]
    public async Task PerWorker_Rebalance_StrandsMessagesAndNamesEachAsUnprocessed()
    {
        await using RunRig rig = await RunRig.StartAsync(layout: ConsumerLayout.PerWorker, workload: Busy);
        await rig.UntilAsync(status => status.Tracking?.Totals.Received > 500);

        rig.Coordinator.Tell(new ScaleWorkers(3));
        await rig.UntilSharedAmongAsync(3);
        rig.Coordinator.Tell(new ScaleWorkers(2));
        await rig.UntilSharedAmongAsync(2);
        Judgement judgement = await rig.FinishAsync();

        Verdict verdict = judgement.Verdict;
        long stranded = verdict.Count(VerdictClass.Unprocessed);
        RunRig.AssertOutcome(VerdictOutcome.Violated, verdict);
        Assert.True(stranded > 0);
        Assert.Equal(0, verdict.Count(VerdictClass.Lost));
        Assert.Equal(verdict.Sent, verdict.Received + stranded);
        Assert.Equal(stranded, judgement.Evidence.Where(evidence => evidence.Class == VerdictClass.Unprocessed).DistinctBy(evidence => evidence.Message).Count());
    }

    [Fact]
    public async Task PerGroup_Rebalance_StrandsNothing()
    {
        await using RunRig rig = await RunRig.StartAsync(layout: ConsumerLayout.PerGroup, workload: Busy);
        await rig.UntilAsync(status => status.Tracking?.Totals.Received > 500);

        rig.Coordinator.Tell(new ScaleWorkers(3));
        await rig.UntilSharedAmongAsync(3);
        Verdict verdict = (await rig.FinishAsync()).Verdict;

        RunRig.AssertOutcome(VerdictOutcome.Passed, verdict);
        Assert.Equal(verdict.Sent, verdict.Received);
    }
}
