using Simulation.History;

namespace Simulation.Chaos.Tests.Conduct;

public sealed class RecoveryWatchTests
{
    private static readonly DateTimeOffset Began = DateTimeOffset.UnixEpoch + TimeSpan.FromHours(1);

    private readonly RecoveryWatch _watch = new(Began);

    [Fact]
    public void See_AfterTheEnd_TellsWhenAllWasWellAgain()
    {
        Look(at: 0, owned: true, sent: 100, waiting: 3);
        Look(at: 2, owned: false, sent: 100, waiting: 3);
        Look(at: 5, owned: false, sent: 120, waiting: 23);
        Look(at: 8, owned: true, sent: 130, waiting: 9);
        _watch.End(Began + TimeSpan.FromSeconds(10));
        Assert.Equal([(RecoveryStage.Publishing, 11), (RecoveryStage.Ownership, 8)], Look(at: 11, owned: true, sent: 140, waiting: 5));
        Assert.Equal([(RecoveryStage.Backlog, 12)], Look(at: 12, owned: true, sent: 150, waiting: 3));
        Assert.True(_watch.IsOver);
    }

    [Fact]
    public void See_BeforeTheEnd_TellsNothing()
    {
        Look(at: 0, owned: true, sent: 1, waiting: 0);
        Assert.Empty(Look(at: 5, owned: true, sent: 10, waiting: 0));
        Assert.False(_watch.IsOver);
    }

    [Fact]
    public void See_NeverUnwell_RecoveredAtOnce()
    {
        Look(at: 0, owned: true, sent: 1, waiting: 4);
        _watch.End(Began + TimeSpan.FromSeconds(1));
        Assert.Equal(
            [(RecoveryStage.Publishing, 2), (RecoveryStage.Ownership, 0), (RecoveryStage.Backlog, 0)], Look(at: 2, owned: true, sent: 5, waiting: 1));
    }

    private List<(RecoveryStage Stage, int After)> Look(int at, bool owned, long sent, long waiting)
    {
        DateTimeOffset now = Began + TimeSpan.FromSeconds(at);
        return [.. _watch.See(new Wellbeing(owned, sent, waiting, now), now).Select(entry => (entry.Stage, (int)entry.After.TotalSeconds))];
    }
}
