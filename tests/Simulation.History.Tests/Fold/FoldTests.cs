using static Simulation.History.Tests.Story;
using TheFold = Simulation.History.Fold;

namespace Simulation.History.Tests.Fold;

public sealed class FoldTests
{
    [Fact]
    public void Snapshot_HoleBelowTheHighestDelivery_IsAGapUntilItHeals()
    {
        using var story = new Story();
        using var tail = new LiveTail(story.Store);
        story.Sent(M(0, 1)).Sent(M(0, 2)).Sent(M(0, 3)).Worked(M(0, 3), 3);
        TrackerSnapshot open = Advance();
        story.Worked(M(0, 1), 1);
        TrackerSnapshot half = Advance();
        story.Worked(M(0, 2), 2);
        TrackerSnapshot healed = Advance();

        Assert.Equal((2L, TimeSpan.FromSeconds(1)), (open.GapsPending, open.OldestGap));
        Assert.Equal((1L, TimeSpan.FromSeconds(3)), (half.GapsPending, half.OldestGap));
        Assert.Equal((0L, null), (healed.GapsPending, healed.OldestGap));
        Assert.Equal((3L, 3L), (healed.Sent, healed.Received));

        TrackerSnapshot Advance()
        {
            tail.Advance(story.Now.AddSeconds(1));
            return tail.Fold.Snapshot();
        }
    }

    /// <summary>Found by half an hour in processes, whose clocks are some milliseconds apart: the holes of such messages never healed.</summary>
    [Fact]
    public void Snapshot_ReceiversClockIsAhead_NoGapStays()
    {
        using var story = new Story();
        using var tail = new LiveTail(story.Store);
        story.Sent(M(0, 1)).Worked(M(0, 1), 1);
        story.Worked(M(0, 2), 2).Sent(M(0, 2));
        story.Worked(M(0, 4), 4).Sent(M(0, 3)).Sent(M(0, 4));
        tail.Advance(story.Now.AddSeconds(1));
        long open = tail.Fold.Snapshot().GapsPending;
        story.Worked(M(0, 3), 3).Sent(M(0, 5)).Worked(M(0, 5), 5);
        tail.Advance(story.Now.AddSeconds(1));

        Assert.Equal(1, open);
        Assert.Equal(0, tail.Fold.Snapshot().GapsPending);
        Assert.Equal(5, tail.Fold.Snapshot().Received);
    }

    [Fact]
    public void Snapshot_AsThingsHappen_TellsTheirLatencies()
    {
        using var story = new Story();
        using var tail = new LiveTail(story.Store);
        story.Sent(M(0, 1)).Delivered(M(0, 1), 1);
        tail.Advance(story.Now.AddSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(1), tail.Fold.PublishLatency.Percentile(50));
        Assert.Equal(1, tail.Fold.EndToEndLatency.Count);
    }

    [Fact]
    public void Advance_ParticipantsThatAreSilentOrNew_HoldNobodyUp()
    {
        using var story = new Story();
        using var tail = new LiveTail(story.Store);
        story["silent"].Heartbeat(story.Now);
        story.Sent(M(0, 1));
        Assert.Equal(3, tail.Advance(story.Now.AddSeconds(1)));
        story.Worked(M(0, 1), 1, by: "new");
        Assert.Equal(2, tail.Advance(story.Now.AddSeconds(1)));

        Assert.Equal(0, tail.Late);
        Assert.Equal(1, tail.Fold.Snapshot().Received);
    }

    [Fact]
    public void Advance_RecordFromBeforeTheWatermark_IsCountedAsLate()
    {
        using var story = new Story();
        using var tail = new LiveTail(story.Store);
        story.Sent(M(0, 1));
        tail.Advance(story.Now.AddSeconds(1));
        story["slow"].Heartbeat(story.Now.AddSeconds(-5));
        tail.Finish();

        Assert.Equal(1, tail.Late);
    }

    [Fact]
    public void Apply_PartitionThatNoConfigurationHas_TakesNoRoomForThoseBelow()
    {
        var fold = new TheFold();
        fold.Apply(new HistoryRecord { Type = RecordType.Delivered, Partition = int.MaxValue, A = 1, B = 1, Count = 1 }, 0);

        Assert.Equal(1, fold.Snapshot().Count(VerdictClass.Unexpected));
    }

    /// <summary>The one who folds fails, and another one folds everything again: nobody hears of anything twice, or not at all.</summary>
    [Fact]
    public void HeardOnce_FoldedAgainFromTheBeginning_TellsOfEachOnce()
    {
        using var story = new Story();
        var counts = new Counting();
        var observer = new HeardOnce(counts);
        for (int i = 1; i <= 20; i++)
        {
            story.Through(Story.M(1, i));
            if (i % 7 == 0)
            {
                using var tail = new LiveTail(story.Store, observer);
                observer.BeginAgain(tail.Fold.Records);
                tail.Advance(story.Now);
            }
        }

        using var last = new LiveTail(story.Store, observer);
        observer.BeginAgain(0);
        last.Finish();
        Assert.Equal((last.Fold.Records, 20, 20), (counts.Records, counts.Sent, counts.Received));
    }

    /// <summary>In a run that goes on: what was folded of its first life was told then.</summary>
    [Fact]
    public void HeardOnce_FailsBeforeAnythingNewAfterAResume_TellsNothingOfWhatWasFoldedBefore()
    {
        using var story = new Story();
        for (int i = 1; i <= 20; i++)
        {
            story.Through(Story.M(1, i));
        }

        using var before = new LiveTail(story.Store);
        before.Finish();
        var counts = new Counting();
        var observer = new HeardOnce(counts);
        observer.BeginAgain(before.Fold.Records);

        using var anew = new LiveTail(story.Store, observer);
        observer.BeginAgain(anew.Fold.Records);
        anew.Finish();

        Assert.Equal(before.Fold.Records, anew.Fold.Records);
        Assert.Equal(0, counts.Records);
    }

    private sealed class Counting : IFoldObserver
    {
        public long Records { get; private set; }

        public int Sent { get; private set; }

        public int Received { get; private set; }

        void IFoldObserver.Folding(in HistoryRecord record, string participant) => Records++;

        void IFoldObserver.Sent(int partition) => Sent++;

        void IFoldObserver.Received(int partition) => Received++;
    }
}
