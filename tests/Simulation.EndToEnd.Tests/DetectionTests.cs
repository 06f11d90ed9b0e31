using System.Collections.Immutable;
using Simulation.Actors;
using Simulation.History;
using Simulation.TestServers.Proxy;

namespace Simulation.EndToEnd.Tests;

/// <summary>Something stands between the harness and a real server and does wrong: the verdict names exactly that, with exactly those messages.</summary>
public sealed class DetectionTests
{
    private const string Stream = "SIMULATION";

    /// <summary>A sequence that the server will not give away in so short a run.</summary>
    private const ulong FarAway = 1_000_000;

    [Fact]
    public async Task Run_NothingWrong_Passes()
    {
        await using RunRig rig = await RunRig.StartAsync(run => run with { Duration = TimeSpan.FromSeconds(3) });

        Verdict verdict = (await rig.JudgementAsync()).Verdict;

        RunRig.AssertOutcome(VerdictOutcome.Passed, verdict);
        Assert.InRange(verdict.Sent, 100, 700); // 600 are due; a machine that is busy elsewhere stops before it has sent all of them.
        Assert.Equal(verdict.Sent, verdict.Received);
    }

    [Fact]
    public async Task Run_AcknowledgedMessageNeverStored_IsLost()
    {
        var swallow = new SwallowPublish(IsMessage(partition: 1, sequence: 20), Stream, _ => FarAway);
        await using RunRig rig = await RunRig.StartAsync(rules: proxy => proxy.Add(swallow));

        await rig.UntilHitAsync(swallow);
        Judgement judgement = await rig.FinishAsync();

        AssertViolated(judgement, VerdictClass.Lost, new MessageId(1, 20));
    }

    [Fact]
    public async Task Run_LastMessageOfPartitionNeverStored_IsLostAtTheTail()
    {
        var swallow = new SwallowPublish(frame => IdOf(frame) is { Partition: 2, Sequence: >= 60 }, Stream, frame => FarAway + (ulong)IdOf(frame)!.Value.Sequence, times: int.MaxValue);
        await using RunRig rig = await RunRig.StartAsync(rules: proxy => proxy.Add(swallow));

        await rig.UntilHitAsync(swallow, times: 3);
        Judgement judgement = await rig.FinishAsync();

        Finding lost = judgement.Verdict.Findings.Single(finding => finding.Class == VerdictClass.Lost);
        Assert.Equal(swallow.Hits, lost.Tail);
        Assert.Equal(0, lost.Middle);
        Assert.True(swallow.Hits > 0);
    }

    [Fact]
    public async Task Run_DeliveryArrivesTwice_IsProcessedTwice()
    {
        var duplicate = new DuplicateFrames(frame => frame.IsDelivery && IdOf(frame) == new MessageId(0, 30));
        await using RunRig rig = await RunRig.StartAsync(
            run => run with { Guarantees = new Guarantees { EffectivelyOnce = true } }, rules: proxy => proxy.Add(duplicate));

        await rig.UntilHitAsync(duplicate);
        Judgement judgement = await rig.FinishAsync();

        AssertViolated(judgement, VerdictClass.ProcessedTwice, new MessageId(0, 30));
    }

    [Fact]
    public async Task Run_TwoDeliveriesSwapped_IsReordered()
    {
        var swap = new SwapFrames(frame => frame.IsDelivery && IdOf(frame) is { Partition: 3, Sequence: 40 or 41 });
        await using RunRig rig = await RunRig.StartAsync(
            run => run with { Guarantees = new Guarantees { Ordered = true } }, rules: proxy => proxy.Add(swap));

        await rig.UntilHitAsync(swap);
        Judgement judgement = await rig.FinishAsync();

        AssertViolated(judgement, VerdictClass.Reordered, new MessageId(3, 40));
    }

    [Fact]
    public async Task Run_PayloadByteFlipped_IsCorrupt()
    {
        AlterFrames flip = AlterFrames.FlipPayloadByte(frame => frame.IsDelivery && IdOf(frame) == new MessageId(2, 25), offset: -20);
        await using RunRig rig = await RunRig.StartAsync(rules: proxy => proxy.Add(flip));

        await rig.UntilHitAsync(flip);
        Judgement judgement = await rig.FinishAsync();

        AssertViolated(judgement, VerdictClass.Corrupt, new MessageId(2, 25));
    }

    [Fact]
    public async Task Run_AcknowledgedWithSequenceOfAnother_IsSequenceReused()
    {
        var reuse = new RewriteAcknowledgement(IsMessage(partition: 1, sequence: 35), sequence => sequence - 8);
        await using RunRig rig = await RunRig.StartAsync(rules: proxy => proxy.Add(reuse));

        await rig.UntilHitAsync(reuse);
        Judgement judgement = await rig.FinishAsync();

        AssertViolated(judgement, VerdictClass.SequenceReused, new MessageId(1, 35));
    }

    [Fact]
    public async Task Run_AcknowledgementNeverArrives_IsRecoveredAndPasses()
    {
        var swallow = new SwallowAcknowledgement(IsMessage(partition: 1, sequence: 20));
        await using RunRig rig = await RunRig.StartAsync(rules: proxy => proxy.Add(swallow));

        await rig.UntilHitAsync(swallow);
        Verdict verdict = (await rig.FinishAsync()).Verdict;

        Assert.Equal(1, swallow.Hits);
        RunRig.AssertOutcome(VerdictOutcome.Passed, verdict);
        Assert.Equal(1, verdict.Recovered);
        Assert.Equal(0, verdict.StillUnknown);
    }

    [Theory]
    [InlineData(FrameDirection.ToServer)]
    [InlineData(FrameDirection.ToClient)]
    public async Task Run_ConnectionCutInsideFrame_Passes(FrameDirection direction)
    {
        var cut = new CutInsideFrame(frame => frame.Direction == direction && IdOf(frame) is { Partition: 1, Sequence: 30 });
        await using RunRig rig = await RunRig.StartAsync(rules: proxy => proxy.Add(cut));

        await rig.UntilHitAsync(cut);
        Verdict verdict = (await rig.FinishAsync()).Verdict;

        Assert.Equal(1, cut.Hits);
        RunRig.AssertOutcome(VerdictOutcome.Passed, verdict);
        Assert.Equal(verdict.Sent, verdict.Received);
    }

    [Fact]
    public async Task Check_RunFolder_SaysTheSameFromTheLogsAlone()
    {
        var swallow = new SwallowPublish(IsMessage(partition: 1, sequence: 20), Stream, _ => FarAway);
        await using RunRig rig = await RunRig.StartAsync(rules: proxy => proxy.Add(swallow));
        await rig.UntilHitAsync(swallow);
        Judgement live = await rig.FinishAsync();

        Verdict checkedAgain = Checker.Check(rig.RunFolder);

        Assert.Equal(live.Verdict.Outcome, checkedAgain.Outcome);
        Assert.Equal(live.Verdict.Findings, checkedAgain.Findings.AsEnumerable());
        Assert.Equal(live.Verdict.Summary, checkedAgain.Summary);
    }

    /// <summary>Exactly one class, exactly these messages, and nothing else.</summary>
    private static void AssertViolated(Judgement judgement, VerdictClass verdictClass, params ImmutableArray<MessageId> messages)
    {
        RunRig.AssertOutcome(VerdictOutcome.Violated, judgement.Verdict);
        Assert.All(judgement.Verdict.Findings, finding => Assert.Equal(finding.Class == verdictClass ? messages.Length : 0, finding.Count));
        Assert.Equal(messages, judgement.Evidence.Select(evidence => evidence.Message));
        Assert.Equal(judgement.Verdict.Sent, judgement.Verdict.Received + judgement.Verdict.Count(VerdictClass.Lost));
    }

    private static Func<NatsFrame, bool> IsMessage(int partition, long sequence) => frame => IdOf(frame) == new MessageId(partition, sequence);

    private static MessageId? IdOf(NatsFrame frame) =>
        (frame.IsPublish || frame.IsDelivery) && frame.Header("Nats-Msg-Id")?.Split('.') is [_, var partition, var sequence]
            ? new MessageId(int.Parse(partition), long.Parse(sequence))
            : null;
}
