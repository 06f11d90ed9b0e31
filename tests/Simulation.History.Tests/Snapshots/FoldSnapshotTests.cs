using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Simulation.History.Snapshots;
using Simulation.History.Tests.Verdicts;
using Simulation.History.Verdicts;

namespace Simulation.History.Tests.Snapshots;

public sealed class FoldSnapshotTests
{
    [Fact]
    public void From_SnapshotAtAnyCut_EndsWhereReadingAllAtOnceEnds() => Prop.ForAll(
        RandomHistory.Arbitrary, Gen.Choose(0, 3).ArrayOf(40).ToArbitrary(), (history, moments) =>
    {
        var store = new MemoryHistoryStore("run");
        LiveTail tail = new(store);
        int step = 0;
        RandomHistory.Tell(history.Happenings, history.Promise, store, now =>
        {
            int choice = moments[step++ % moments.Length];
            if (choice > 0)
            {
                tail.Advance(now - TimeSpan.FromMicroseconds(choice - 1));
                tail = Again(tail, store);
            }
        });
        Assert.Empty(tail.Finish());

        using var whole = new LiveTail(store);
        whole.Finish();
        AssertSame(whole.Fold, tail.Fold);
        tail.Dispose();
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithEndSize(50));

    /// <summary>What random histories do not have: phases, participants, faults, incidents, a stream that was made anew.</summary>
    [Fact]
    public void From_SnapshotAfterEachRecordOfARun_EndsWhereReadingAllAtOnceEnds()
    {
        using var story = new Story();
        LiveTail tail = new(story.Store);
        foreach (Action<HistoryWriter> happens in ARun(story))
        {
            happens(story["coordinator"]);
            story.Through(Story.M(70_000, (story.Now - DateTimeOffset.UnixEpoch).Ticks)).Sent(Story.M(1, (story.Now - DateTimeOffset.UnixEpoch).Ticks));
            tail.Advance(story.Now);
            tail = Again(tail, story.Store);
        }

        tail.Finish();
        using var whole = new LiveTail(story.Store);
        whole.Finish();
        AssertSame(whole.Fold, tail.Fold);
        Assert.Equal(TimeSpan.FromSeconds(7), tail.Fold.Progress.SentFor(tail.Fold.Time));
        Assert.Equal(["reader", "worker-1"], tail.Fold.Progress.Staff);
        tail.Dispose();
    }

    /// <summary>Also the base of a history that an earlier program compacted.</summary>
    [Fact]
    public void From_FirstVersion_IsReadWithoutWhatItDidNotKnow()
    {
        using var story = new Story();
        story["coordinator"].Launched(story.Now, "worker-1");
        story.Through(Story.M(1, 1));
        using var tail = new LiveTail(story.Store);
        tail.Advance(story.Now + TimeSpan.FromSeconds(1));
        var first = new FoldArchive.Writer { Version = FoldSnapshot.WithoutTimesOfChanges };
        tail.Fold.Exchange(first);
        FoldSnapshot old = tail.Snapshot() with { Version = FoldSnapshot.WithoutTimesOfChanges, State = first.ToArray() };

        using LiveTail again = LiveTail.From(old, story.Store);

        Assert.Equal(tail.Fold.Records, again.Fold.Records);
        Assert.Equal(["worker-1"], again.Fold.Progress.Staff);
        Assert.NotNull(tail.Fold.Progress.StaffChangedAt);
        Assert.Null(again.Fold.Progress.StaffChangedAt);
    }

    [Fact]
    public void From_LogThatLostItsTail_IsRefused()
    {
        using var story = new Story();
        story.Through(Story.M(1, 1)).Through(Story.M(1, 2));
        using var tail = new LiveTail(story.Store);
        tail.Advance(story.Now + TimeSpan.FromSeconds(1));
        FoldSnapshot snapshot = tail.Snapshot();

        using var shorter = new Story();
        shorter.Through(Story.M(1, 1));

        Assert.Contains("is not what it was", Assert.Throws<InvalidDataException>(() => LiveTail.From(snapshot, shorter.Store)).Message);
    }

    [Fact]
    public void From_AnyDamage_IsRefusedOrHarmless()
    {
        using var story = new Story();
        story.Through(Story.M(1, 1)).Sent(Story.M(1, 2)).Sent(Story.M(2, 1));
        using var tail = new LiveTail(story.Store);
        tail.Advance(story.Now + TimeSpan.FromSeconds(1));
        FoldSnapshot snapshot = tail.Snapshot();
        for (int length = 0; length < snapshot.State.Length; length++)
        {
            FoldSnapshot cut = snapshot with { State = snapshot.State[..length] };
            Assert.Throws<InvalidDataException>(() => LiveTail.From(cut, story.Store));
        }

        Assert.Throws<InvalidDataException>(() => LiveTail.From(snapshot with { State = [.. snapshot.State, 0] }, story.Store));
        Assert.Throws<InvalidDataException>(() => LiveTail.From(snapshot with { Version = FoldSnapshot.CurrentVersion + 1 }, story.Store));
    }

    /// <summary>Through the JSON in which it is kept.</summary>
    private static LiveTail Again(LiveTail tail, IHistoryStore store)
    {
        FoldSnapshot kept = JsonSerializer.Deserialize<FoldSnapshot>(JsonSerializer.Serialize(tail.Snapshot()))!;
        tail.Dispose();
        return LiveTail.From(kept, store);
    }

    private static void AssertSame(History.Fold expected, History.Fold actual)
    {
        Assert.Equal(JsonSerializer.Serialize(expected.Snapshot()), JsonSerializer.Serialize(actual.Snapshot()));
        Assert.Equal(expected.PartitionCounts(), actual.PartitionCounts());
        Assert.Equal(Findings.AtTheEnd(expected, logsAreWhole: true).AsEnumerable(), Findings.AtTheEnd(actual, logsAreWhole: true));
        Assert.Equal(FoldSnapshot.Of(expected, []).State, FoldSnapshot.Of(actual, []).State);
    }

    private static IEnumerable<Action<HistoryWriter>> ARun(Story story) =>
    [
        log => log.GuaranteesDeclared(story.Now, new Guarantees { Ordered = true, Exclusive = false }),
        log => log.StreamCreated(story.Now, "S", story.Now),
        log => log.Launched(story.Now, "worker-1"),
        log => log.Launched(story.Now, "worker-2"),
        log => log.PhaseChanged(story.Now, RunPhase.Running),
        log => log.FaultPlanned(story.Now, 1, "worker_crash"),
        log => log.FaultStarted(story.Now, 1, "worker_crash (worker-1)"),
        log => log.FaultBit(story.Now, 1, "it died"),
        log => log.FaultRecovered(story.Now, 1, RecoveryStage.Backlog, TimeSpan.FromSeconds(2)),
        log => log.PartitionsChanged(story.Now, 9),
        log => log.Dismissed(story.Now, "worker-2"),
        log => log.ServerEvent(story.Now, "died", TimeSpan.FromSeconds(3)),
        log => log.CutShort(story.Now, "no room"),
        log => log.Resumed(story.Now, TimeSpan.FromSeconds(7)),
        log => log.StreamCreated(story.Now, "S", story.Now + TimeSpan.FromSeconds(1)),
        log => log.PhaseChanged(story.Now, RunPhase.Draining),
        log => log.DrainTimedOut(story.Now, 1, 2),
        log => log.Launched(story.Now, "reader"),
        log => log.PhaseChanged(story.Now, RunPhase.Reading),
        log => log.FinalReadFailed(story.Now, "no answer"),
    ];
}
