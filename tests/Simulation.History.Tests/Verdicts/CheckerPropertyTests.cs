using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Simulation.History.Tests.Verdicts;

public sealed class CheckerPropertyTests
{
    [Fact]
    public void Check_AnyHistory_AgreesWithTheNaiveChecker() => Prop.ForAll(RandomHistory.Arbitrary, history =>
    {
        var store = new MemoryHistoryStore("run");
        var naive = new NaiveChecker(RandomHistory.Tell(history.Happenings, history.Promise, store));
        var found = new HashSet<(VerdictClass, MessageId)>();
        Verdict verdict = Checker.Check(store, evidence => found.Add((evidence.Class, evidence.Message)));

        HashSet<(VerdictClass, MessageId)> expected = naive.Findings();
        Assert.Equal(expected.Select(one => one.ToString()).Order(), found.Select(one => one.ToString()).Order());
        Assert.All(verdict.Findings, finding => Assert.Equal(expected.Count(one => one.Item1 == finding.Class), finding.Count));
        Assert.Equal((naive.Recovered(), naive.StillUnknown()), (verdict.Recovered, verdict.StillUnknown));
        Assert.Equal(naive.Outcome(verdict.Guarantees), verdict.Outcome);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(600).WithEndSize(40));

    [Fact]
    public void Advance_AtAnyMoments_EndsWhereReadingAllAtOnceEnds() => Prop.ForAll(
        RandomHistory.Arbitrary, Gen.Choose(0, 3).ArrayOf(40).ToArbitrary(), (history, moments) =>
    {
        var store = new MemoryHistoryStore("run");
        using var live = new LiveTail(store);
        int step = 0;
        RandomHistory.Tell(history.Happenings, history.Promise, store, now =>
        {
            int choice = moments[step++ % moments.Length];
            if (choice > 0)
            {
                live.Advance(now - TimeSpan.FromMicroseconds(choice - 1)); // All before now has been written.
            }
        });
        Assert.Empty(live.Finish());

        using var whole = new LiveTail(store);
        whole.Finish();
        Assert.Equal(0, live.Late);
        Assert.Equal(JsonSerializer.Serialize(whole.Fold.Snapshot()), JsonSerializer.Serialize(live.Fold.Snapshot()));
        Assert.Equal(whole.Fold.PartitionCounts(), live.Fold.PartitionCounts());
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(50));
}
