using Simulation.Actors;
using Simulation.History;
using Simulation.Partitioning;
using Simulation.Workload;

namespace Simulation.EndToEnd.Tests;

/// <summary>Participants are killed, join and leave while messages flow: nothing is forgotten, and nobody is blamed for it.</summary>
public sealed class SurvivalTests
{
    [Fact]
    public async Task Run_ProducersKilled_ForgetNoIntentAndPass()
    {
        await using RunRig rig = await RunRig.StartAsync();
        await rig.UntilAsync(status => status.Tracking?.Totals.Sent > 20);

        rig.Coordinator.Tell(new CrashProducer(0));
        rig.Coordinator.Tell(new CrashProducer(1));
        await rig.UntilSentAsync(300);
        Verdict verdict = (await rig.FinishAsync()).Verdict;

        RunRig.AssertOutcome(VerdictOutcome.Passed, verdict);
        Assert.True(verdict.Sent >= 300, verdict.Summary); // What more there may be, the intents tell.
        Assert.Equal(verdict.Sent + verdict.StillUnknown, IntendedMessages(rig));
    }

    [Fact]
    public async Task Run_WorkerKilled_ItsPartitionsMoveAndNothingIsLost()
    {
        await using RunRig rig = await RunRig.StartAsync();
        await rig.UntilAsync(status => status.Tracking?.Totals.Received > 20);

        rig.Coordinator.Tell(new CrashWorker(1, ComeBackAfter: TimeSpan.FromSeconds(1)));
        await rig.UntilAsync(status => status.Workers.Count == 1);
        await rig.UntilSharedAmongAsync(2);
        Verdict verdict = (await rig.FinishAsync()).Verdict;

        RunRig.AssertOutcome(VerdictOutcome.Passed, verdict);
        Assert.Equal(verdict.Sent, verdict.Received);
        Assert.Equal(0, verdict.Count(VerdictClass.ConcurrentOwners));
    }

    [Fact]
    public async Task Run_ProcessingSlowerThanTheAckDeadline_IsNotRedelivered()
    {
        WorkloadOptions slow = RunRig.SmallWorkload with
        {
            Partitions = new PartitionOptions { Count = 4, MessageRatePerPartition = 0.5 },
            ProcessingDelay = new ProcessingDelayOptions { Min = TimeSpan.FromSeconds(6), Max = TimeSpan.FromSeconds(6) },
        };

        // A deadline that is seconds away from each extension: a machine may stand still for one of them.
        await using RunRig rig = await RunRig.StartAsync(run => run with { Consuming = run.Consuming with { AckWait = TimeSpan.FromSeconds(5) } }, workload: slow);
        await rig.UntilSentAsync(4);

        Verdict verdict = (await rig.FinishAsync()).Verdict;

        RunRig.AssertOutcome(VerdictOutcome.Passed, verdict);
        Assert.True(rig.Run.Consuming.AckWait < slow.ProcessingDelay.Min);
        Assert.Equal(0, verdict.Redelivered);
    }

    [Theory]
    [InlineData(ConsumerLayout.PerPartition)]
    [InlineData(ConsumerLayout.PerGroup)]
    public async Task Run_WorkersJoinAndLeave_Passes(ConsumerLayout layout)
    {
        await using RunRig rig = await RunRig.StartAsync(layout: layout);
        await rig.UntilAsync(status => status.Tracking?.Totals.Received > 20);

        rig.Coordinator.Tell(new ScaleWorkers(4));
        await rig.UntilSharedAmongAsync(4);
        rig.Coordinator.Tell(new ScaleWorkers(1));
        await rig.UntilSharedAmongAsync(1);
        Verdict verdict = (await rig.FinishAsync()).Verdict;

        RunRig.AssertOutcome(VerdictOutcome.Passed, verdict);
        Assert.Equal(verdict.Sent, verdict.Received);
    }

    private static long IntendedMessages(RunRig rig)
    {
        var intended = new HashSet<MessageId>();
        foreach (string participant in rig.History.Participants())
        {
            using HistoryReader reader = rig.History.Read(participant);
            while (reader.TryRead(out HistoryRecord record))
            {
                if (record.Type == RecordType.Intent)
                {
                    intended.Add(record.Message);
                }
            }
        }

        return intended.Count;
    }
}
