using Simulation.Actors;
using Simulation.History;
using Simulation.Partitioning;
using Simulation.Workload;

namespace Simulation.EndToEnd.Tests.Virtual;

/// <summary>Everything that can be done to a participant: it bites, it says how, it is undone, and a healthy system passes all the same.</summary>
public sealed class ParticipantFaultTests
{
    public static TheoryData<ulong> Seeds { get; } = [1, 2, 3];

    [Theory, MemberData(nameof(Seeds))]
    public void CrashWorker_ComesBackUnderItsName_Passes(ulong seed)
    {
        VirtualRig rig = VirtualRig.InFullSwing(seed);

        Assert.Equal("worker-2 ended; worker-2 owned 5 partitions; its connection was cut", rig.Bite(new CrashWorker(2, TimeSpan.FromSeconds(5))));
        rig.Until(status => status.Workers.Count == 3);
        rig.Until(_ => rig.IsSharedAmong(4));

        Assert.Contains("worker-2", rig.Status.Workers.Keys);
        rig.Pass();
    }

    [Theory, MemberData(nameof(Seeds))]
    public void CrashWorker_ReplacedByANewNumber_Passes(ulong seed)
    {
        VirtualRig rig = VirtualRig.InFullSwing(seed);

        rig.Bite(new CrashWorker(2, TimeSpan.FromSeconds(5), UnderNewNumber: true));
        rig.Until(_ => rig.IsSharedAmong(4) && rig.Status.Workers.ContainsKey("worker-4"));

        Assert.DoesNotContain("worker-2", rig.Status.Workers.Keys);
        rig.Pass();
    }

    /// <summary>The consumer that it leaves behind is pulled by nobody: the drain waits for somebody who would, and then it is over.</summary>
    [Theory, MemberData(nameof(Seeds))]
    public void CrashWorker_ReplacedByANewNumberWithAConsumerPerWorker_LeavesUnprocessedWhatItStrands(ulong seed)
    {
        VirtualRig rig = VirtualRig.InFullSwing(seed, layout: ConsumerLayout.PerWorker);

        rig.Bite(new CrashWorker(2, TimeSpan.FromSeconds(5), UnderNewNumber: true));
        Verdict verdict = rig.Finish().Verdict;

        Assert.True(verdict.DrainFinished);
        RunRig.AssertOutcome(VerdictOutcome.Violated, verdict);
        Assert.True(verdict.Count(VerdictClass.Unprocessed) > 0);
        Assert.Equal(verdict.Sent, verdict.Received + verdict.Count(VerdictClass.Unprocessed));
    }

    [Fact]
    public void CrashWorker_Undone_IsBackAtOnce()
    {
        VirtualRig rig = VirtualRig.InFullSwing(1);
        var crash = new CrashWorker(2, TimeSpan.FromHours(1));

        rig.Bite(crash);
        rig.Until(status => status.Workers.Count == 3);
        Assert.True(rig.Undo(crash).Bit);

        rig.Until(status => status.Workers.ContainsKey("worker-2"));
        rig.Pass();
    }

    [Fact]
    public void CrashWorker_AwayAtTheEndOfSending_IsBroughtBack()
    {
        VirtualRig rig = VirtualRig.InFullSwing(1);

        rig.Bite(new CrashWorker(2, TimeSpan.FromHours(1)));
        rig.Bite(new CrashProducer(1, TimeSpan.FromHours(1)));

        Verdict verdict = rig.Finish().Verdict;
        RunRig.AssertOutcome(VerdictOutcome.Passed, verdict);
        Assert.Equal(0, verdict.StillUnknown);
    }

    public static TheoryData<ulong, ConsumerLayout> Layouts { get; } = new()
    {
        { 1, ConsumerLayout.PerPartition }, { 2, ConsumerLayout.PerPartition }, { 1, ConsumerLayout.PerGroup }, { 2, ConsumerLayout.PerGroup },
    };

    /// <summary>Also while the producers are away that are to send to them.</summary>
    [Theory, MemberData(nameof(Layouts))]
    public void ChangePartitions_AddedRetiredAndAddedAgain_EveryMessageCountsAndPasses(ulong seed, ConsumerLayout layout)
    {
        VirtualRig rig = VirtualRig.InFullSwing(seed, WithRoomFor(31), layout);

        Assert.Equal("from 20 to 27 partitions; 27 of 27 have owners", rig.Bite(new ChangePartitionsBy(7)));
        rig.Until(_ => SentTo(rig, 26) > 10);
        Assert.Equal("from 27 to 15 partitions; 27 of 27 have owners", rig.Bite(new ChangePartitionsBy(-12)));
        long retired = SentTo(rig, 26);
        rig.Bite(new CrashProducer(0, TimeSpan.FromSeconds(1)));
        rig.Bite(new CrashWorker(1, TimeSpan.FromSeconds(1)));
        Assert.StartsWith("from 15 to 31 partitions;", rig.Bite(new ChangePartitionsBy(16)));
        rig.Bite(new CrashProducer(1, TimeSpan.FromSeconds(1)));
        rig.Until(_ => SentTo(rig, 26) > retired + 10 && SentTo(rig, 30) > 10);

        rig.Pass(most: 14_000); // What is added brings its load with it.
    }

    /// <summary>Found by half an hour of faults: one that could not connect at first failed and was restarted, and forgot how many partitions there are.</summary>
    [Fact]
    public void ChangePartitions_WorkerFailsAtItsStart_StillKnowsOfThemAll()
    {
        VirtualRig rig = VirtualRig.InFullSwing(1, WithRoomFor(40));
        rig.Bite(new ChangePartitionsBy(20));
        rig.Bite(new CrashWorker(2, TimeSpan.FromSeconds(1)));

        rig.Connector.KillServer(0);
        rig.Pass(TimeSpan.FromSeconds(3));
        rig.Connector.StartServer(0);

        rig.Until(_ => rig.IsSharedAmong(4));
        rig.Pass(most: 18_000);
    }

    [Fact]
    public void ChangePartitions_NoRoom_Misses()
    {
        VirtualRig rig = VirtualRig.InFullSwing(1);

        Assert.Equal(FaultAnswer.Missed("there are 20 partitions, and room for 20"), rig.Inject(new ChangePartitionsBy(1)));
    }

    private static Func<RunOptions, RunOptions> WithRoomFor(int most) => run =>
    {
        WorkloadOptions options = run.Workload.Options;
        return run with { Workload = new WorkloadPlan(options with { Partitions = options.Partitions with { Most = most } }, run.Seed) };
    };

    private static long SentTo(VirtualRig rig, int partition) =>
        rig.Status.Tracking?.Partitions.FirstOrDefault(counts => counts.Partition == partition).Sent ?? 0;

    [Fact]
    public void CrashWorker_NobodyThere_Misses()
    {
        VirtualRig rig = VirtualRig.InFullSwing(1);

        Assert.Equal(FaultAnswer.Missed("worker-9 is not at work"), rig.Inject(new CrashWorker(9, TimeSpan.Zero)));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void CrashLeader_WhoHoldsTheLease_IsEndedAndPasses(ulong seed)
    {
        VirtualRig rig = VirtualRig.InFullSwing(seed);

        Assert.Matches("^worker-[0-3]#[0-9a-f]{16} held the leader's lease in epoch 1: worker-[0-3] ended;", rig.Bite(new CrashLeader(TimeSpan.FromSeconds(5))));
        rig.Until(status => status.Workers.Count == 3);
        rig.Until(_ => rig.IsSharedAmong(4));

        rig.Pass();
    }

    public static TheoryData<ulong, bool> SeedsAndWays { get; } = new() { { 1, true }, { 2, true }, { 3, true }, { 1, false }, { 2, false }, { 3, false } };

    /// <summary>Whoever began it can never say that it is complete: it died, or somebody else leads who has nothing to move.</summary>
    [Theory, MemberData(nameof(SeedsAndWays))]
    public void LoseLeader_WhileRebalancing_OneIsCompleteForEachThatIsDetected(ulong seed, bool dies)
    {
        VirtualRig rig = VirtualRig.InFullSwing(seed);
        int bystander = rig.Status.Leader == "worker-0" ? 1 : 0;

        rig.Bite(new PauseWorker(bystander)); // Nothing that it owns can move.
        rig.Bite(new ScaleWorkersBy(2));
        rig.Until(_ => rig.Said("Rebalancing").Count == 3);
        rig.Bite(dies ? new CrashLeader(TimeSpan.FromSeconds(5)) : new DeleteLeadership());
        rig.Pass(TimeSpan.FromMilliseconds(500));
        rig.Undo(new PauseWorker(bystander));
        rig.Until(_ => rig.IsSharedAmong(6));
        rig.Until(_ => rig.Said("Rebalancing")[^1].StartsWith("Rebalancing complete: ", StringComparison.Ordinal));
        rig.Pass();

        string[] said = [.. rig.Said("Rebalancing").Select(line => line.Split(' ', ':')[1]).Where(word => word != "goes")];
        Assert.All(said.Chunk(2), pair => Assert.Equal(["detected", "complete"], pair));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void CrashProducer_ComesBackLater_SendsWhatItOwes(ulong seed)
    {
        VirtualRig rig = VirtualRig.InFullSwing(seed);

        Assert.Equal("producer-1 ended; its connection was cut", rig.Bite(new CrashProducer(1, TimeSpan.FromSeconds(10))));

        rig.Pass();
    }

    [Theory, MemberData(nameof(Seeds))]
    public void RestartWorker_LeavesInOrderAndComesBack_Passes(ulong seed)
    {
        VirtualRig rig = VirtualRig.InFullSwing(seed);

        Assert.StartsWith("worker-1 left in order within", rig.Bite(new RestartWorker(1)));
        rig.Until(_ => rig.IsSharedAmong(4));

        rig.Pass();
    }

    [Theory, MemberData(nameof(Seeds))]
    public void ScaleWorkersBy_UpAndDown_Passes(ulong seed)
    {
        VirtualRig rig = VirtualRig.InFullSwing(seed);

        Assert.Equal("from 4 to 7 workers", rig.Bite(new ScaleWorkersBy(3)));
        rig.Until(_ => rig.IsSharedAmong(7));
        Assert.Equal("from 7 to 2 workers", rig.Bite(new ScaleWorkersBy(-5)));
        rig.Until(_ => rig.IsSharedAmong(2));
        Assert.Equal(FaultAnswer.Missed("there are 2 workers already"), rig.Inject(new ScaleWorkers(2)));

        rig.Pass();
    }

    /// <summary>It stands still for longer than its lease and its deadlines: it wakes up as the owner of what others own by now.</summary>
    [Theory, MemberData(nameof(Seeds))]
    public void PauseWorker_BeyondItsLease_WakesFencedAndDoesNoHarm(ulong seed)
    {
        VirtualRig rig = VirtualRig.InFullSwing(seed, run => run with { Consuming = run.Consuming with { AckWait = TimeSpan.FromSeconds(10) } });

        Assert.Equal("worker-1 stands still with 5 partitions; its mailbox is stopped", rig.Bite(new PauseWorker(1)));
        rig.Pass(TimeSpan.FromSeconds(40));
        Assert.Equal((20, 20), (rig.Status.PartitionsOwned, rig.Status.PartitionsTotal));
        Assert.Equal(25, rig.Status.Workers.Values.Sum()); // It does not know yet that others own its five.
        Assert.Equal("worker-1 goes on after 40.0 s", rig.Undo(new PauseWorker(1)).Text);
        rig.Until(_ => rig.IsSharedAmong(4));

        rig.Pass();
    }

    [Fact]
    public void PauseWorker_TillTheEndOfSending_IsThawed()
    {
        VirtualRig rig = VirtualRig.InFullSwing(1);

        rig.Bite(new PauseWorker(1));
        Assert.False(rig.Inject(new PauseWorker(1)).Bit);

        rig.Pass();
    }

    [Fact]
    public void PauseWorker_ThenCrashed_IsGoneAndComesBack()
    {
        VirtualRig rig = VirtualRig.InFullSwing(1);

        rig.Bite(new PauseWorker(1));
        rig.Bite(new CrashWorker(1, TimeSpan.FromSeconds(2)));
        Assert.False(rig.Undo(new PauseWorker(1)).Bit);
        rig.Until(_ => rig.IsSharedAmong(4));

        rig.Pass();
    }

    [Theory, MemberData(nameof(Seeds))]
    public void SlowWorker_ForAWhile_Passes(ulong seed)
    {
        VirtualRig rig = VirtualRig.InFullSwing(seed);

        Assert.Matches("^worker-3 took 10 times [0-9.]+ ms for ", rig.Bite(new SlowWorker(3, 10)));
        rig.Pass(TimeSpan.FromSeconds(10));
        Assert.True(rig.Undo(new SlowWorker(3, 10)).Bit);
        Assert.False(rig.Undo(new SlowWorker(3, 10)).Bit);

        rig.Pass();
    }

    [Theory, MemberData(nameof(Seeds))]
    public void LoseAcks_ForAWhile_RedeliversAndPasses(ulong seed)
    {
        VirtualRig rig = VirtualRig.InFullSwing(seed);

        Assert.EndsWith("by worker-0 was not sent", rig.Bite(new LoseAcks(0)));
        rig.Pass(TimeSpan.FromSeconds(10));
        rig.Undo(new LoseAcks(0));

        Assert.True(rig.Pass().Redelivered > 100);
    }

    /// <summary>Nobody felt it before the worker was gone, so whoever comes back under its number does.</summary>
    [Theory, MemberData(nameof(Seeds))]
    public async Task SlowWorker_WorkerIsCrashedBeforeItFeelsIt_IsSlowWhenItIsBack(ulong seed)
    {
        VirtualRig rig = VirtualRig.InFullSwing(seed);

        Task<FaultAnswer> slow = rig.System.AskAsync<FaultAnswer>(rig.Coordinator, new SlowWorker(2, 5), TimeSpan.FromMinutes(2));
        rig.Coordinator.Tell(new CrashWorker(2, TimeSpan.FromSeconds(5)));
        rig.Until(status => status.Workers.Count == 3);
        rig.Until(_ => slow.IsCompleted);

        FaultAnswer answer = await slow;
        Assert.True(answer.Bit, answer.Text);
        Assert.Contains("worker-2", rig.Status.Workers.Keys);
        rig.Pass();
    }

    [Theory]
    [InlineData(ConsumerLayout.PerPartition, 1)]
    [InlineData(ConsumerLayout.PerPartition, 2)]
    [InlineData(ConsumerLayout.PerGroup, 1)]
    [InlineData(ConsumerLayout.PerGroup, 2)]
    [InlineData(ConsumerLayout.PerWorker, 1)]
    [InlineData(ConsumerLayout.PerWorker, 2)]
    public void DeleteConsumer_WhileItIsPulled_IsMadeAgainAndPasses(ConsumerLayout layout, ulong seed)
    {
        VirtualRig rig = VirtualRig.InFullSwing(seed, layout: layout);

        Assert.Matches("^consumer .* was deleted with [0-9]+ messages to deliver and [0-9]+ to be acknowledged$", rig.Bite(new DeleteConsumer(7)));

        rig.Pass();
    }

    /// <summary>Nobody notices before the end, because nobody pulls: the drain waits for it all the same.</summary>
    [Theory, MemberData(nameof(Seeds))]
    public void DeleteConsumer_JustBeforeTheDrain_LosesNothing(ulong seed)
    {
        VirtualRig rig = VirtualRig.InFullSwing(seed);

        rig.Until(status => status.Running > TimeSpan.FromSeconds(89));
        for (int partition = 0; partition < 20; partition++)
        {
            rig.Bite(new DeleteConsumer(partition));
        }

        rig.Pass();
    }

    [Theory, MemberData(nameof(Seeds))]
    public void DeleteLease_OfEachWorkerInTurn_NobodyOwnsTwiceAndPasses(ulong seed)
    {
        VirtualRig rig = VirtualRig.InFullSwing(seed);

        for (int number = 0; number < 4; number++)
        {
            Assert.StartsWith($"the lease of worker-{number} was deleted", rig.Bite(new DeleteLease(number)));
            rig.Pass(TimeSpan.FromSeconds(7));
        }

        rig.Until(_ => rig.IsSharedAmong(4));
        rig.Pass();
    }

    [Theory, MemberData(nameof(Seeds))]
    public void DeleteGroupBucket_WithEverythingInIt_IsMadeAgainAndPasses(ulong seed)
    {
        VirtualRig rig = VirtualRig.InFullSwing(seed);

        Assert.Equal("bucket SIMULATION_group was deleted with the leases of 4 members", rig.Bite(new DeleteGroupBucket()));
        rig.Until(status => status.PartitionsOwned == 0);
        rig.Until(_ => rig.IsSharedAmong(4));

        rig.Pass();
    }

    [Theory, MemberData(nameof(Seeds))]
    public void DeleteGroupBucket_ServerIsAway_WaitsForIt(ulong seed)
    {
        VirtualRig rig = VirtualRig.InFullSwing(seed);
        rig.Connector.KillServer(0);
        rig.System.Schedule(TimeSpan.FromSeconds(3), () => rig.Connector.StartServer(0));
        rig.Pass(TimeSpan.FromSeconds(1));

        Assert.StartsWith("bucket SIMULATION_group was deleted", rig.Bite(new DeleteGroupBucket()));

        rig.Pass();
    }

    [Theory, MemberData(nameof(Seeds))]
    public void PublishDuplicate_SameIdentity_IsStoredOnce(ulong seed)
    {
        VirtualRig rig = VirtualRig.InFullSwing(seed);

        Assert.Matches("^message [0-9]+/[0-9]+ was published twice; the server answered that it is a duplicate", rig.Bite(new PublishDuplicate(1)));

        Verdict verdict = rig.Pass();
        Assert.Equal(0, verdict.Count(VerdictClass.StoredTwice));
    }
}
