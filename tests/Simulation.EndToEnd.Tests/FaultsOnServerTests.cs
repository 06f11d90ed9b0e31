using Simulation.Actors;
using Simulation.History;

namespace Simulation.EndToEnd.Tests;

/// <summary>What is done to participants, on a real server: one run for what changes owners, one for what does not.</summary>
public sealed class FaultsOnServerTests
{
    [Fact]
    public async Task Run_OwnersChangeInEveryWay_Passes()
    {
        await using RunRig rig = await RunRig.StartAsync();
        await rig.UntilSharedAmongAsync(2);
        await rig.UntilAsync(status => status.Tracking?.Totals.Received > 20);

        Assert.Contains("held the leader's lease", await rig.BiteAsync(new CrashLeader(TimeSpan.FromMilliseconds(200))));
        await rig.UntilSharedAmongAsync(2);
        Assert.Contains("left in order", await rig.BiteAsync(new RestartWorker(1)));
        await rig.UntilSharedAmongAsync(2);
        Assert.Contains("was deleted at revision", await rig.BiteAsync(new DeleteLease(0)));
        await rig.UntilAsync(status => status.PartitionsOwned < 4);
        await rig.UntilSharedAmongAsync(2);
        Assert.Contains("was deleted with the leases of 2 members", await rig.BiteAsync(new DeleteGroupBucket()));
        await rig.UntilAsync(status => status.PartitionsOwned == 0);
        await rig.UntilSharedAmongAsync(2);
        Assert.Contains("stands still", await rig.BiteAsync(new PauseWorker(1)));
        await rig.UntilAsync(status => status.Workers["worker-0"] == 4);
        Assert.True((await rig.UndoAsync(new PauseWorker(1))).Bit);
        await rig.UntilSharedAmongAsync(2);
        Verdict verdict = (await rig.FinishAsync()).Verdict;

        RunRig.AssertOutcome(VerdictOutcome.Passed, verdict);
        Assert.Equal(verdict.Sent, verdict.Received);
        Assert.Equal(0, verdict.Count(VerdictClass.ConcurrentOwners));
    }

    /// <summary>Without a verdict a run can go on, and needs what it has on the server for that.</summary>
    [Fact]
    public async Task Coordinator_FailsWhileSending_WhatItHadOnTheServerIsLeftToGoOnWith()
    {
        await using RunRig rig = await RunRig.StartAsync();
        await rig.UntilSentAsync(20);

        // Without a sender nobody is ready, which no handler can take.
        rig.Coordinator.Tell(new ReadyForPhase(RunPhase.Draining));
        await Assert.ThrowsAsync<InvalidOperationException>(rig.JudgementAsync);

        Assert.Equal("KV_SIMULATION_group, SIMULATION", await rig.StreamsAsync());
    }

    [Fact]
    public async Task Run_ConsumersAcknowledgementsAndPublishesDisturbed_Passes()
    {
        await using RunRig rig = await RunRig.StartAsync();
        await rig.UntilSharedAmongAsync(2);
        await rig.UntilAsync(status => status.Tracking?.Totals.Received > 20);

        Assert.Contains("duplicate of stream sequence", await rig.BiteAsync(new PublishDuplicate(1)));
        Assert.Contains("times", await rig.BiteAsync(new SlowWorker(0, 5)));
        Assert.True((await rig.UndoAsync(new SlowWorker(0, 5))).Bit);
        Assert.Contains("was not sent", await rig.BiteAsync(new LoseAcks(1)));
        Assert.True((await rig.UndoAsync(new LoseAcks(1))).Bit);
        for (int partition = 0; partition < 4; partition++)
        {
            Assert.Contains("was deleted with", await rig.BiteAsync(new DeleteConsumer(partition)));
        }

        Verdict verdict = (await rig.FinishAsync()).Verdict;

        RunRig.AssertOutcome(VerdictOutcome.Passed, verdict);
        Assert.Equal(verdict.Sent, verdict.Received);
        Assert.Equal(0, verdict.Count(VerdictClass.StoredTwice));
        Assert.True(verdict.Deliveries > verdict.Received);
    }
}
