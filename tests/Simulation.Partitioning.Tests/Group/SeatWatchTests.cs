namespace Simulation.Partitioning.Tests.Group;

public sealed class SeatWatchTests
{
    private const int FarDown = 20;

    private static readonly GroupOptions Options = new() { LeaseTtl = TimeSpan.FromSeconds(10) };

    private readonly Outbox _outbox = new();
    private readonly SeatWatch _watch;

    public SeatWatchTests() => _watch = new SeatWatch(Options, _outbox);

    [Fact]
    public void Proceed_AmongTheFirst_GoesOnWatchingAfterASignOfLife()
    {
        See(rank: 0, Seconds(0));

        _watch.Proceed(rank: 0, isConcerned: false, Seconds(1));

        Assert.Equal([new OpenWatch(WatchKind.Seat, GroupKeys.Leader)], _outbox.Empty());
    }

    [Fact]
    public void Proceed_FarDown_StopsWatchingAfterASignOfLife()
    {
        See(FarDown, Seconds(0));

        _watch.Proceed(FarDown, isConcerned: false, Seconds(1));

        Assert.Equal([new OpenWatch(WatchKind.Seat, GroupKeys.Leader), new CloseWatch(WatchKind.Seat)], _outbox.Empty());
        Assert.False(_watch.IsCaughtUp);
    }

    [Fact]
    public void Proceed_FarDownWithoutASignOfLife_GoesOnWatching()
    {
        _watch.Proceed(FarDown, isConcerned: false, Seconds(0));
        _watch.NoteChange(FarDown, Seconds(0)); // What was there before.
        _watch.CatchUp();

        _watch.Proceed(FarDown, isConcerned: false, Seconds(60));

        Assert.Equal([new OpenWatch(WatchKind.Seat, GroupKeys.Leader)], _outbox.Empty());
    }

    [Fact]
    public void Proceed_FarDownAfterAWhile_LooksAgain()
    {
        See(FarDown, Seconds(0));
        _watch.Proceed(FarDown, isConcerned: false, Seconds(1));
        _outbox.Empty();
        var alarm = new Alarm(Seconds(1));
        _watch.Set(ref alarm);

        _watch.Proceed(FarDown, isConcerned: false, alarm.At!.Value);

        Assert.Equal(Seconds(10 * (FarDown + 1)), alarm.At);
        Assert.Equal([new OpenWatch(WatchKind.Seat, GroupKeys.Leader)], _outbox.Empty());
    }

    [Fact]
    public void Proceed_SeatIsOurs_Watches()
    {
        See(FarDown, Seconds(0));

        _watch.Proceed(FarDown, isConcerned: true, Seconds(1));

        Assert.Equal([new OpenWatch(WatchKind.Seat, GroupKeys.Leader)], _outbox.Empty());
    }

    [Fact]
    public void Group_LeaderAndAllWhoWatchItDie_AnotherLeadsAndAllUnitsAreOwned()
    {
        const int units = 24;
        var world = new ModelWorld(seed: 7, units, "RoundRobin");
        for (var i = 0; i < 10; i++)
        {
            world.Join();
        }

        world.Run(Seconds(60));
        foreach (var member in world.Working.OrderBy(member => member.Core.Membership!.IsLeader ? 0 : 1).ThenBy(member => member.Core.Membership!.Identity).Take(7).ToArray())
        {
            member.Crash();
        }

        world.Run(Seconds(120));

        Assert.Null(world.Violation);
        Assert.Single(world.Working, member => member.Core.Membership!.IsLeader);
        Assert.All(Enumerable.Range(0, units), unit => Assert.Single(world.HoldersOf(unit)));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    /// <summary>The watch has shown what there is, and then a change.</summary>
    private void See(int rank, TimeSpan now)
    {
        _watch.Proceed(rank, isConcerned: false, now);
        _watch.CatchUp();
        _watch.NoteChange(rank, now);
    }
}
