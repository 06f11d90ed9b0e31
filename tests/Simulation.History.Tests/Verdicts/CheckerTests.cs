using static Simulation.History.Tests.Story;

namespace Simulation.History.Tests.Verdicts;

/// <summary>Each class by its smallest story, and beside it the story that looks like it and is innocent.</summary>
public sealed class CheckerTests
{
    private static readonly Guarantees Strict = new() { EffectivelyOnce = true, Ordered = true, Exclusive = true };

    [Fact]
    public void Check_EverythingArrives_Passes()
    {
        Verdict verdict = new Story().Promise(Strict).Through(M(0, 1)).Through(M(0, 2)).Ends((M(0, 1), 1), (M(0, 2), 2));

        AssertOnly(verdict, null, VerdictOutcome.Passed);
        Assert.Equal("Simulation complete: 2 messages sent, 2 received, 0 gaps, 0 duplicates", verdict.Summary);
        Assert.Empty(verdict.Doubts);
    }

    [Fact]
    public void Check_NothingHappened_IsInconclusive()
    {
        Verdict verdict = new Story().Ends();

        Assert.Equal(VerdictOutcome.Inconclusive, verdict.Outcome);
        Assert.Contains(verdict.Doubts, doubt => doubt.Text == "No message was sent.");
    }

    [Fact]
    public void Check_NoDrain_IsInconclusive() =>
        Assert.Equal(VerdictOutcome.Inconclusive, new Story().Through(M(0, 1)).Read((M(0, 1), 1)).Check().Outcome);

    [Fact]
    public void Check_NoFinalRead_IsInconclusiveAndIncomplete()
    {
        Verdict verdict = new Story().Through(M(0, 1)).Drained().Check();

        Assert.Equal(VerdictOutcome.Inconclusive, verdict.Outcome);
        Assert.Equal("Simulation incomplete: 1 messages sent, 1 received, 0 gaps, 0 duplicates", verdict.Summary);
    }

    [Fact]
    public void Check_SentAfterTheFinalRead_IsInconclusive() =>
        Assert.Equal(VerdictOutcome.Inconclusive, new Story().Through(M(0, 1)).Drained().Read((M(0, 1), 1)).Through(M(0, 2)).Check().Outcome);

    [Fact]
    public void Check_FinalReadSaysMoreThanItRecorded_IsInconclusive()
    {
        var story = new Story().Through(M(0, 1)).Drained();
        story["reader"].FinalReadCompleted(story.Now, 1, 1, 1);

        Assert.Equal(VerdictOutcome.Inconclusive, story.Check().Outcome);
    }

    [Fact]
    public void Check_NoDrain_UnprocessedIsPromisedAndNotCertain()
    {
        Finding unprocessed = new Story().Sent(M(0, 1)).Read((M(0, 1), 1)).Check().Findings.Single(finding => finding.Class == VerdictClass.Unprocessed);
        Assert.Equal((1L, true, false), (unprocessed.Count, unprocessed.IsPromised, unprocessed.FailsRun));
        Assert.Contains("not certain", VerdictText.WhyNotFailing(unprocessed));
    }

    /// <summary>Numbers of outages are below those of the plan, and their times are between.</summary>
    [Fact]
    public void Check_RunThatWasResumed_TellsFaultsInTheOrderInWhichTheyBegan()
    {
        var story = new Story().Through(M(0, 1));
        Verdict WithFaults(params (long Number, int Second)[] faults)
        {
            foreach ((long number, int second) in faults)
            {
                story["coordinator"].FaultStarted(story.Now.AddSeconds(second), number, number < 0 ? FaultOutcome.CoordinatorOutage : "worker_crash (worker-1)");
            }

            return story.Check();
        }

        Verdict verdict = WithFaults((1, 1), (FaultOutcome.NumberOfOutage(1), 2), (2, 3));
        Assert.Equal([1, -1, 2], verdict.Faults.Select(fault => fault.Number));
        Assert.Equal([true, false, false], verdict.Faults.Select(fault => fault.RecoveryWasCutOff(verdict.Faults)));
    }

    [Fact]
    public void Check_DrainTimedOutAndNothingProcessed_IsInconclusiveAndNotViolated()
    {
        var story = new Story().Sent(M(0, 1));
        story["coordinator"].DrainTimedOut(story.Now, 1, 0);
        Verdict verdict = story.Read((M(0, 1), 1)).Check();

        AssertOnly(verdict, VerdictClass.Unprocessed, VerdictOutcome.Inconclusive);
    }

    [Theory]
    [InlineData(true, VerdictOutcome.Passed)]
    [InlineData(false, VerdictOutcome.Inconclusive)]
    public void Check_FaultStarted_MustHaveBitten(bool bit, VerdictOutcome expected)
    {
        var story = new Story().Through(M(0, 1));
        story["chaos"].FaultStarted(story.Now, 1, "kill worker-1");
        if (bit)
        {
            story["chaos"].FaultBit(story.Now, 1, "process is gone");
        }

        Assert.Equal(expected, story.Ends((M(0, 1), 1)).Outcome);
    }

    /// <summary>The outage ended it before anybody could see whether it bit.</summary>
    [Fact]
    public void Check_FaultCutOffByAnOutage_IsToldAndNoDoubt()
    {
        var story = new Story().Through(M(0, 1));
        story["chaos"].FaultStarted(story.Now, 1, "kill worker-1");
        Outage(story);
        Verdict verdict = story.Ends((M(0, 1), 1));

        Assert.Equal((VerdictOutcome.Passed, 1), (verdict.Outcome, verdict.FaultsBit));
        FaultOutcome fault = verdict.Faults.Single(fault => !fault.IsOutage);
        Assert.Equal((true, null, null), (fault.IsCutOff, fault.Missed, fault.Proof));
    }

    [Theory]
    [InlineData(true, VerdictOutcome.Passed)]
    [InlineData(false, VerdictOutcome.Inconclusive)]
    public void Check_FaultBegunAgainAfterAnOutage_MustHaveBitten(bool bit, VerdictOutcome expected)
    {
        var story = new Story().Through(M(0, 1));
        story["chaos"].FaultStarted(story.Now, 1, "kill worker-1");
        Outage(story);
        story["chaos"].FaultEnded(story.Now, 1);
        story["chaos"].FaultStarted(story.Now, 1, "kill worker-1");
        DateTimeOffset again = story.Now;
        if (bit)
        {
            story["chaos"].FaultBit(story.Now, 1, "process is gone");
        }

        Verdict verdict = story.Ends((M(0, 1), 1));

        Assert.Equal(expected, verdict.Outcome);
        FaultOutcome fault = verdict.Faults.Single(fault => !fault.IsOutage);
        Assert.Equal((false, again, null), (fault.IsCutOff, fault.StartedAt, fault.Lasted));
    }

    [Fact]
    public void Check_FaultThatHadMissedBeforeAnOutage_IsADoubt()
    {
        var story = new Story().Through(M(0, 1));
        story["chaos"].FaultStarted(story.Now, 1, "kill worker-1");
        story["chaos"].FaultMissed(story.Now, 1, "nobody was there");
        Outage(story);

        Assert.Equal(VerdictOutcome.Inconclusive, story.Ends((M(0, 1), 1)).Outcome);
    }

    private static void Outage(Story story)
    {
        story["coordinator"].FaultStarted(story.Now, FaultOutcome.NumberOfOutage(1), FaultOutcome.CoordinatorOutage);
        story["coordinator"].FaultBit(story.Now, FaultOutcome.NumberOfOutage(1), "nobody wrote anything");
        story["coordinator"].Resumed(story.Now, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Check_FaultPlannedForLater_IsNoDoubt()
    {
        var story = new Story().Through(M(0, 1));
        story["chaos"].FaultPlanned(story.Now, 1, "kill worker-1");

        Assert.Equal(VerdictOutcome.Passed, story.Ends((M(0, 1), 1)).Outcome);
    }

    [Fact]
    public void Check_LaunchedWithoutALog_IsInconclusiveAndNotViolated()
    {
        var story = new Story().Sent(M(0, 1));
        story["coordinator"].Launched(story.Now, "worker-9");
        Verdict verdict = story.Ends();

        AssertOnly(verdict, VerdictClass.Lost, VerdictOutcome.Inconclusive);
        Assert.Contains(verdict.Doubts, doubt => doubt.Text == "The log of worker-9 is missing.");
    }

    [Fact]
    public void Check_AcknowledgedAndNowhere_IsLostByItsPlace()
    {
        var story = new Story();
        foreach (long sequence in new[] { 1, 2, 3, 4, 5 })
        {
            story.Sent(M(0, sequence));
        }

        Verdict verdict = story.Worked(M(0, 2), 2).Worked(M(0, 4), 4).Ends((M(0, 2), 2), (M(0, 4), 4));

        AssertOnly(verdict, VerdictClass.Lost, VerdictOutcome.Violated);
        Finding lost = verdict.Findings.Single(finding => finding.Class == VerdictClass.Lost);
        Assert.Equal((3, 1, 1, 1), (lost.Count, lost.Head, lost.Middle, lost.Tail));
        Assert.Equal(["head", "middle", "tail"], verdict.Evidence.Select(evidence => evidence.Where));
        Assert.Equal([M(0, 1), M(0, 3), M(0, 5)], verdict.Evidence.Select(evidence => evidence.Message));
        Assert.Equal(3, verdict.Gaps);
    }

    [Fact]
    public void Check_WholePartitionGone_IsLostAtTheTail()
    {
        Verdict verdict = new Story().Sent(M(3, 1)).Sent(M(3, 2)).Ends();

        Finding lost = verdict.Findings.Single(finding => finding.Class == VerdictClass.Lost);
        Assert.Equal((2, 0, 0, 2), (lost.Count, lost.Head, lost.Middle, lost.Tail));
    }

    [Fact]
    public void Check_StoredAndNeverDelivered_IsUnprocessed()
    {
        Verdict verdict = new Story().Through(M(0, 1)).Sent(M(0, 2)).Ends((M(0, 1), 1), (M(0, 2), 2));

        AssertOnly(verdict, VerdictClass.Unprocessed, VerdictOutcome.Violated);
        Assert.Equal(M(0, 2), Assert.Single(verdict.Evidence).Message);
    }

    [Fact]
    public void Check_DeliveredNeverProcessedAndNoLongerStored_IsUnprocessed() => AssertOnly(
        new Story().Sent(M(0, 1)).Delivered(M(0, 1), 1).Ends(), VerdictClass.Unprocessed, VerdictOutcome.Violated);

    [Fact]
    public void Check_DeliveredWithoutIntent_IsUnexpected() => AssertOnly(
        new Story().Through(M(0, 1)).Worked(M(0, 9), 2).Ends((M(0, 1), 1), (M(0, 9), 2)), VerdictClass.Unexpected, VerdictOutcome.Violated);

    [Fact]
    public void Check_DeliveredBeforeItsIntentWasRecorded_IsNotUnexpected() => AssertOnly(
        new Story().Worked(M(0, 1), 1).Sent(M(0, 1)).Ends((M(0, 1), 1)), null, VerdictOutcome.Passed);

    [Fact]
    public void Check_WrongChecksum_IsCorruptAndNothingElse() => AssertOnly(
        new Story().Promise(Strict).Sent(M(0, 1)).Delivered(M(0, 1), 1, faults: MessageFaults.Checksum).Ends((M(0, 1), 1)),
        VerdictClass.Corrupt, VerdictOutcome.Violated);

    [Fact]
    public void Check_Nameless_IsCorruptWithItsStreamSequence()
    {
        Verdict verdict = new Story().Through(M(0, 1)).Delivered(MessageId.None, 2, faults: MessageFaults.Unparsable).Ends((M(0, 1), 1));

        AssertOnly(verdict, VerdictClass.Corrupt, VerdictOutcome.Violated);
        Assert.Equal(2UL, Assert.Single(Assert.Single(verdict.Evidence).Records).Record.StreamSequence);
    }

    [Fact]
    public void Check_TwoMessagesAcknowledgedAtOneSequence_IsSequenceReusedWithBoth()
    {
        Verdict verdict = new Story().Through(M(0, 1)).Intent(M(1, 1)).Acknowledged(M(1, 1), 1).Worked(M(1, 1), 2)
            .Ends((M(0, 1), 1), (M(1, 1), 2));

        AssertOnly(verdict, VerdictClass.SequenceReused, VerdictOutcome.Violated);
        IEnumerable<MessageId> acknowledged = Assert.Single(verdict.Evidence).Records
            .Where(record => record.Record.Type == RecordType.Acknowledged).Select(record => record.Record.Message);
        Assert.Equal([M(0, 1), M(1, 1)], acknowledged);
    }

    /// <summary>Another message is where it was, so the stream has no hole; it is lost all the same.</summary>
    [Fact]
    public void Check_SequenceHoldsAnotherMessageAndTheFirstWasNeverDelivered_IsLostAndReused()
    {
        Verdict verdict = new Story().Through(M(0, 1)).Intent(M(0, 2)).Acknowledged(M(0, 2), 2).Intent(M(1, 1)).Acknowledged(M(1, 1), 2).Worked(M(1, 1), 2)
            .Ends((M(0, 1), 1), (M(1, 1), 2));

        Assert.Equal(VerdictOutcome.Violated, verdict.Outcome);
        Assert.Equal([VerdictClass.Lost, VerdictClass.SequenceReused], verdict.Findings.Where(finding => finding.Count > 0).Select(finding => finding.Class));
        Assert.Equal(M(0, 2), verdict.Evidence.Single(evidence => evidence.Class == VerdictClass.Lost).Message);
    }

    [Fact]
    public void Check_SameSequenceInANewStream_IsNotReused()
    {
        var story = new Story().Through(M(0, 1));
        story["coordinator"].StreamCreated(story.Now, "SIMULATION", story.Now);

        AssertOnly(story.Intent(M(0, 2)).Acknowledged(M(0, 2), 1).Worked(M(0, 2), 1).Ends((M(0, 2), 1)), null, VerdictOutcome.Passed);
    }

    [Fact]
    public void Check_RetryAcknowledgedAsDuplicate_IsRecoveredAndNothingElse()
    {
        Verdict verdict = new Story().Promise(Strict).Intent(M(0, 1)).Unknown(M(0, 1)).Intent(M(0, 1), attempt: 2)
            .Acknowledged(M(0, 1), 1, duplicate: true).Worked(M(0, 1), 1).Ends((M(0, 1), 1));

        AssertOnly(verdict, null, VerdictOutcome.Passed);
        Assert.Equal((1, 0), (verdict.Recovered, verdict.StillUnknown));
    }

    [Fact]
    public void Check_UnknownAndNeverSeen_IsStillUnknownAndNotLost()
    {
        Verdict verdict = new Story().Through(M(0, 1)).Intent(M(0, 2)).Unknown(M(0, 2)).Ends((M(0, 1), 1));

        AssertOnly(verdict, null, VerdictOutcome.Passed);
        Assert.Equal((0, 1), (verdict.Recovered, verdict.StillUnknown));
    }

    [Fact]
    public void Check_ProducerKilledBeforeTheOutcome_IsStillUnknown()
    {
        Verdict verdict = new Story().Through(M(0, 1)).Intent(M(0, 2)).Ends((M(0, 1), 1));

        Assert.Equal((VerdictOutcome.Passed, 1L), (verdict.Outcome, verdict.StillUnknown));
    }

    [Theory]
    [InlineData(true, VerdictOutcome.Violated)]
    [InlineData(false, VerdictOutcome.Passed)]
    public void Check_OneMessageAtTwoSequences_IsStoredTwice(bool promised, VerdictOutcome expected) => AssertOnly(
        new Story().Promise(Strict with { EffectivelyOnce = promised }).Through(M(0, 1)).Ends((M(0, 1), 1), (M(0, 1), 2)),
        VerdictClass.StoredTwice, expected);

    [Fact]
    public void Check_DeliveredFromTwoSequences_IsStoredTwice() => AssertOnly(
        new Story().Promise(Strict).Through(M(0, 1)).Delivered(M(0, 1), 2).Ends(), VerdictClass.StoredTwice, VerdictOutcome.Violated);

    [Fact]
    public void Check_FinalReadBegunAnew_IsNotStoredTwice()
    {
        var story = new Story().Promise(Strict).Through(M(0, 1)).Drained();
        story["reader"].Stored(story.Now, M(0, 1), 1);
        story["reader"].FinalReadFailed(story.Now, "the server was away");

        AssertOnly(story.Ends((M(0, 1), 1)), null, VerdictOutcome.Passed);
    }

    [Theory]
    [InlineData(true, VerdictOutcome.Violated)]
    [InlineData(false, VerdictOutcome.Passed)]
    public void Check_HandlerRanAgainOnAForgedFirstDelivery_IsProcessedTwice(bool promised, VerdictOutcome expected) => AssertOnly(
        new Story().Promise(Strict with { EffectivelyOnce = promised }).Through(M(0, 1)).Worked(M(0, 1), 1).Ends((M(0, 1), 1)),
        VerdictClass.ProcessedTwice, expected);

    [Fact]
    public void Check_RedeliveredButNotProcessedAgain_IsOnlyCounted()
    {
        Verdict verdict = new Story().Promise(Strict).Through(M(0, 1)).Delivered(M(0, 1), 1, count: 2).Ends((M(0, 1), 1));

        AssertOnly(verdict, null, VerdictOutcome.Passed);
        Assert.Equal(1, verdict.Redelivered);
    }

    [Theory]
    [InlineData(true, VerdictOutcome.Violated)]
    [InlineData(false, VerdictOutcome.Passed)]
    public void Check_SwappedDeliveries_AreReorderedWithWhatCameBefore(bool promised, VerdictOutcome expected)
    {
        Verdict verdict = new Story().Promise(Strict with { Ordered = promised }).Sent(M(0, 1)).Sent(M(0, 2))
            .Worked(M(0, 2), 2).Worked(M(0, 1), 1).Ends((M(0, 1), 1), (M(0, 2), 2));

        AssertOnly(verdict, VerdictClass.Reordered, expected);
        Evidence evidence = Assert.Single(verdict.Evidence);
        Assert.Equal(M(0, 1), evidence.Message);
        Assert.Contains(evidence.Records, record => record.Record is { Type: RecordType.Processed, Sequence: 2 });
    }

    [Fact]
    public void Check_RedeliveredBelowTheHighWaterMark_IsNotReordered() => AssertOnly(
        new Story().Promise(Strict).Sent(M(0, 1)).Sent(M(0, 2)).Worked(M(0, 2), 2).Worked(M(0, 1), 1, count: 2)
            .Ends((M(0, 1), 1), (M(0, 2), 2)),
        null, VerdictOutcome.Passed);

    [Fact]
    public void Check_RedeliveredByAConsumerMadeAnew_IsNotReordered() => AssertOnly(
        new Story().Promise(Strict).Sent(M(0, 1)).Sent(M(0, 2)).Delivered(M(0, 1), 1).Worked(M(0, 2), 2)
            .Worked(M(0, 1), 1, count: 1, by: "worker-2").Ends((M(0, 1), 1), (M(0, 2), 2)),
        null, VerdictOutcome.Passed);

    [Theory]
    [InlineData(true, VerdictOutcome.Violated)]
    [InlineData(false, VerdictOutcome.Passed)]
    public void Check_TwoOwnersWorkAtOnce_AreConcurrentOwners(bool promised, VerdictOutcome expected)
    {
        Verdict verdict = new Story().Promise(Strict with { Exclusive = promised }).Sent(M(0, 1)).Sent(M(0, 2))
            .Owns("worker-1", 0, 1).Owns("worker-2", 0, 2).Worked(M(0, 1), 1, by: "worker-2").Worked(M(0, 2), 2, by: "worker-1")
            .Ends((M(0, 1), 1), (M(0, 2), 2));

        AssertOnly(verdict, VerdictClass.ConcurrentOwners, expected);
        string[] owners = [.. Assert.Single(verdict.Evidence).Records
            .Where(record => record.Record.Type == RecordType.OwnershipStarted).Select(record => record.Participant)];
        Assert.Equal(["worker-1", "worker-2"], owners);
    }

    [Fact]
    public void Check_OwnerKilledInSilence_IsNoConcurrentOwner() => AssertOnly(
        new Story().Owns("worker-1", 0, 1).Through(M(0, 1)).Owns("worker-2", 0, 2).Sent(M(0, 2)).Worked(M(0, 2), 2, by: "worker-2")
            .Ends((M(0, 1), 1), (M(0, 2), 2)),
        null, VerdictOutcome.Passed);

    [Fact]
    public void Check_HandOverInTwoSteps_IsNoConcurrentOwner() => AssertOnly(
        new Story().Owns("worker-1", 0, 1).Through(M(0, 1)).Releases("worker-1", 0, 1).Owns("worker-2", 0, 2).Sent(M(0, 2))
            .Worked(M(0, 2), 2, by: "worker-2").Ends((M(0, 1), 1), (M(0, 2), 2)),
        null, VerdictOutcome.Passed);

    [Fact]
    public void Check_FormerOwnerWorksOn_IsConcurrentOwner() => AssertOnly(
        new Story().Owns("worker-1", 0, 1).Releases("worker-1", 0, 1).Owns("worker-2", 0, 2).Sent(M(0, 1)).Sent(M(0, 2))
            .Worked(M(0, 1), 1, by: "worker-2").Worked(M(0, 2), 2, by: "worker-1").Ends((M(0, 1), 1), (M(0, 2), 2)),
        VerdictClass.ConcurrentOwners, VerdictOutcome.Violated);

    [Fact]
    public void Check_RestartedAfterBeingKilled_OwnsNothing()
    {
        var story = new Story().Owns("worker-1", 0, 1).Owns("worker-2", 0, 2).Sent(M(0, 1)).Sent(M(0, 2)).Worked(M(0, 1), 1, by: "worker-1");
        story["worker-1"].Started(story.Now, 2);

        AssertOnly(story.Worked(M(0, 2), 2, by: "worker-2").Ends((M(0, 1), 1), (M(0, 2), 2)), null, VerdictOutcome.Passed);
    }

    [Fact]
    public void Check_RejectedAndDelivered_IsResurrected() => AssertOnly(
        new Story().Through(M(0, 1)).Intent(M(0, 2)).Rejected(M(0, 2)).Worked(M(0, 2), 2).Ends((M(0, 1), 1), (M(0, 2), 2)),
        VerdictClass.Resurrected, VerdictOutcome.Violated);

    [Fact]
    public void Check_RejectedThenAcknowledgedThenDelivered_IsNotResurrected()
    {
        Verdict verdict = new Story().Intent(M(0, 1)).Rejected(M(0, 1)).Intent(M(0, 1), attempt: 2).Acknowledged(M(0, 1), 1)
            .Worked(M(0, 1), 1).Ends((M(0, 1), 1));

        AssertOnly(verdict, null, VerdictOutcome.Passed);
        Assert.Equal(1, verdict.Rejected);
    }

    [Fact]
    public void Check_RejectedThenUnknownThenDelivered_IsNotResurrected() => AssertOnly(
        new Story().Through(M(0, 1)).Intent(M(0, 2)).Rejected(M(0, 2)).Intent(M(0, 2), attempt: 2).Worked(M(0, 2), 2)
            .Ends((M(0, 1), 1), (M(0, 2), 2)),
        null, VerdictOutcome.Passed);

    [Fact]
    public void Check_RefusedToTheEnd_IsInconclusive()
    {
        Verdict verdict = new Story().Through(M(0, 1)).Intent(M(0, 2)).Rejected(M(0, 2)).Ends((M(0, 1), 1));

        AssertOnly(verdict, null, VerdictOutcome.Inconclusive);
        Assert.Equal("The server refused a message to the end, so it was never sent.", Assert.Single(verdict.Doubts).Text);
    }

    [Fact]
    public void Check_CutShort_IsInconclusive()
    {
        var story = new Story().Through(M(0, 1));
        story["coordinator"].CutShort(story.Now, "the disk is full");
        Verdict verdict = story.Ends((M(0, 1), 1));

        AssertOnly(verdict, null, VerdictOutcome.Inconclusive);
        Assert.Equal("The run was cut short: the disk is full.", Assert.Single(verdict.Doubts).Text);
    }

    [Fact]
    public void Check_ServerRestarted_IsToldAndPasses()
    {
        var story = new Story().Through(M(0, 1));
        story["coordinator"].ServerEvent(story.Now, "restarted", TimeSpan.FromSeconds(2));
        Verdict verdict = story.Ends((M(0, 1), 1));

        AssertOnly(verdict, null, VerdictOutcome.Passed);
        ServerIncident incident = Assert.Single(verdict.ServerIncidents);
        Assert.Equal(("restarted", TimeSpan.FromSeconds(2)), (incident.What, incident.Away));
    }

    [Fact]
    public void Check_ManyOfOneClass_PrintsTenAndGivesAll()
    {
        var story = new Story();
        for (int i = 1; i <= 25; i++)
        {
            story.Sent(M(0, i));
        }

        story.Drained().Read();
        var all = new List<Evidence>();
        Verdict verdict = Checker.Check(story.Store, all.Add);

        Assert.Equal(25, all.Count);
        Assert.Equal(10, verdict.Evidence.Length);
        Assert.Equal(25, verdict.Count(VerdictClass.Lost));
        Assert.Contains("stream sequence 1", verdict.Evidence[0].ToString(), StringComparison.Ordinal);
    }

    /// <summary>Exactly this class, once or more, and no other.</summary>
    private static void AssertOnly(Verdict verdict, VerdictClass? expected, VerdictOutcome outcome)
    {
        Assert.Equal(expected is null ? [] : [expected.Value], verdict.Findings.Where(f => f.Count > 0).Select(f => f.Class));
        Assert.Equal(outcome, verdict.Outcome);
    }
}
