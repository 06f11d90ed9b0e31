using Simulation.Actors;
using Simulation.History;

namespace Simulation.EndToEnd.Tests.Virtual;

public sealed class TrackerFailureTests
{
    /// <summary>Each new one folds everything from the beginning. Counters of whoever measures the run are those of the verdict all the same.</summary>
    [Fact]
    public void LogsUnreadable_TrackerIsMadeAnew_ListenersHearOfEachMessageOnce()
    {
        var heard = new Counting();
        VirtualRig rig = VirtualRig.InFullSwing(1, listener: heard);
        for (int failure = 1; failure <= 3; failure++)
        {
            rig.Logs.FailNext();
            rig.Until(_ => rig.Logs.Failures == failure);
            long received = rig.Status.Tracking!.Totals.Received;
            rig.Until(status => status.Tracking!.Totals.Received > received); // Another one follows.
        }

        Verdict verdict = rig.Pass();

        Assert.Equal(3, rig.Logs.Failures);
        Assert.Equal((verdict.Sent, verdict.Received), (heard.Sent, heard.Received));
        Assert.Equal(Records(rig.History), heard.Records);
    }

    private static long Records(IHistoryStore history)
    {
        using var tail = new LiveTail(history);
        tail.Finish();
        return tail.Fold.Records;
    }

    private sealed class Counting : IFoldObserver
    {
        public long Records { get; private set; }

        public long Sent { get; private set; }

        public long Received { get; private set; }

        void IFoldObserver.Folding(in HistoryRecord record, string participant) => Records++;

        void IFoldObserver.Sent(int partition) => Sent++;

        void IFoldObserver.Received(int partition) => Received++;
    }
}
