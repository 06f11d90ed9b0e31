using Simulation.Kernel;
using Simulation.Partitioning.Tests.Assigning;
using Simulation.Testing;

namespace Simulation.Partitioning.Tests.Group;

/// <summary>The actor in the virtual world, over a bucket in memory.</summary>
public sealed class GroupMemberTests : IAsyncDisposable
{
    private const int Units = 100;

    private TestKit _kit = TestKit.Virtual(seed: 7);
    private readonly ModelStore _store = new();
    private readonly OwnershipBoard _board = new(Units);
    private readonly Dictionary<string, (IActorRef Actor, MemoryBucket Bucket)> _workers = [];

    public ValueTask DisposeAsync() => _kit.DisposeAsync();

    [Fact]
    public void Group_ExpectedMembersPresent_OwnsEverythingWellBeforeTheColdStartWindowEnds()
    {
        Join(10, expected: 10);

        _kit.AwaitCondition(() => _board.IsWholeAmong(10), "all units are owned", TimeSpan.FromSeconds(1));
        Assert.Empty(_board.Overlaps);
        Assert.Equal(10, _board.News.OfType<MemberIdClaimed>().Select(claimed => claimed.Id).Distinct().Count());
    }

    [Fact]
    public void Group_NobodyKnowsHowManyCome_WaitsTheColdStartWindow()
    {
        Join(3);

        _kit.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Empty(_board.News.OfType<UnitsGranted>());
        _kit.AwaitCondition(() => _board.IsWholeAmong(3), "all units are owned", TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Group_WorkersJoin_ServedByOneRebalanceAfterTheWindow()
    {
        Settle(3);
        Join(2);

        _kit.AwaitCondition(() => _board.IsWholeAmong(5), "five share the units", TimeSpan.FromSeconds(2));
        Assert.Equal(2, _board.News.OfType<RebalanceStarted>().Count());
        Assert.Empty(_board.Overlaps);
    }

    [Fact]
    public void Group_WorkerLeaves_OthersTakeOverWithoutWaitingForALease()
    {
        Settle(5);
        var leaver = _workers.Keys.First(name => name != _board.LeaderName);
        _workers[leaver].Actor.Tell(new LeaveGroup());

        _kit.AwaitCondition(() => _board.IsWholeAmong(4), "four share the units", TimeSpan.FromSeconds(2));
        Assert.Single(_board.News.OfType<LeftGroup>());
        Assert.Empty(_board.Overlaps);
    }

    [Fact]
    public void Group_LeaderLeaves_AnotherLeadsAtOnce()
    {
        Settle(5);
        _workers[_board.LeaderName!].Actor.Tell(new LeaveGroup());

        _kit.AwaitCondition(() => _board.IsWholeAmong(4), "four share the units", TimeSpan.FromSeconds(3));
        Assert.Equal(2, _board.News.OfType<LeaderElected>().Last().Epoch);
        Assert.Empty(_board.Overlaps);
    }

    [Fact]
    public void Group_WorkerDies_ItsUnitsMoveWhenItsLeaseRunsOut()
    {
        Settle(5);
        Kill(_workers.Keys.First(name => name != _board.LeaderName));

        _kit.AwaitCondition(() => _board.IsWholeAmong(4), "four share the units", TimeSpan.FromSeconds(16));
        Assert.True(_board.News.OfType<RebalanceStarted>().Last().Urgent);
        Assert.Empty(_board.Overlaps);
    }

    [Fact]
    public void Group_LeaderDies_NextLeaderFindsOutAndReassigns()
    {
        Settle(5);
        Kill(_board.LeaderName!);

        _kit.AwaitCondition(() => _board.IsWholeAmong(4), "four share the units", TimeSpan.FromSeconds(32));
        Assert.Equal(2, _board.News.OfType<LeaderElected>().Last().Epoch);
        Assert.Empty(_board.Overlaps);
    }

    /// <summary>The next ones are told that all are dead, and go on long before a lease has run out, with a greater epoch.</summary>
    [Fact]
    public void Group_AllDieAndAreEnded_NextOnesOwnEverythingWithoutWaitingForALease()
    {
        Settle(5);
        foreach (string name in _workers.Keys)
        {
            Kill(name);
        }

        _kit.Run(_ => GroupBuckets.EndEverybodyAsync(new MemoryBucket(_store)));
        Join(4);

        _kit.AwaitCondition(() => _board.IsWholeAmong(4), "four share the units", TimeSpan.FromSeconds(3));
        Assert.Equal(2, _board.News.OfType<LeaderElected>().Last().Epoch);
        Assert.Empty(_board.Overlaps);
    }

    /// <summary>Whoever was thought dead and is not loses its lease as to anybody else, and does no harm.</summary>
    [Fact]
    public void EndEverybody_OneIsAlive_IsFencedAndRejoins()
    {
        Settle(3);

        _kit.Run(_ => GroupBuckets.EndEverybodyAsync(new MemoryBucket(_store)));

        _kit.AwaitCondition(() => _board.News.OfType<Fenced>().Count() == 3, "all are fenced", TimeSpan.FromSeconds(16));
        _kit.AwaitCondition(() => _board.IsWholeAmong(3), "three share the units", TimeSpan.FromSeconds(16));
    }

    [Fact]
    public void Group_WorkerCutOff_IsFencedBeforeItsUnitsMoveAndRejoins()
    {
        Settle(5);
        var victim = _workers.Keys.First(name => name != _board.LeaderName);
        _workers[victim].Bucket.IsAway = true;

        _kit.AwaitCondition(() => _board.News.OfType<Fenced>().Any(), "the worker is fenced", TimeSpan.FromSeconds(13));
        _kit.AwaitCondition(() => _board.IsWholeAmong(4), "four share the units", TimeSpan.FromSeconds(5));
        _workers[victim].Bucket.IsAway = false;
        _kit.AwaitCondition(() => _board.IsWholeAmong(5), "five share the units", TimeSpan.FromSeconds(5));
        Assert.Empty(_board.Overlaps);
    }

    [Fact]
    public void Group_ServerAwayForLong_AllAreFencedAndShareAgainSoonAfter()
    {
        Settle(5);
        foreach (var (_, bucket) in _workers.Values)
        {
            bucket.IsAway = true;
        }

        _kit.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(5, _board.News.OfType<Fenced>().Count());
        foreach (var (_, bucket) in _workers.Values)
        {
            bucket.IsAway = false;
        }

        _kit.AwaitCondition(() => _board.IsWholeAmong(5), "five share the units again", TimeSpan.FromSeconds(5));
        Assert.Empty(_board.Overlaps);
    }

    [Fact]
    public void Group_ServerFullForLong_IsAskedLessAndLessOftenAndSharesAgainSoonAfter()
    {
        Settle(5);
        foreach (var (_, bucket) in _workers.Values)
        {
            bucket.IsFull = true;
        }

        _kit.Advance(TimeSpan.FromMinutes(2));

        // Half the time between two renewals, so about 48 times each, and twice that for who leads.
        Assert.InRange(_workers.Values.Sum(worker => worker.Bucket.Refusals), 5 * 40, 8 * 60);
        foreach (var (_, bucket) in _workers.Values)
        {
            bucket.IsFull = false;
        }

        _kit.AwaitCondition(() => _board.IsWholeAmong(5), "five share the units again", TimeSpan.FromSeconds(10));
        Assert.Empty(_board.Overlaps);
    }

    [Fact]
    public void Group_HundredWorkersSteady_CostsAboutOneWriteAMemberAndRenewal()
    {
        Settle(100);
        var before = _workers.Values.Sum(worker => worker.Bucket.Writes);

        _kit.Advance(TimeSpan.FromMinutes(1));

        // Twelve renewals each, and twelve of the leader's seat.
        Assert.InRange(_workers.Values.Sum(worker => worker.Bucket.Writes) - before, 1100, 1320);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Group_RareThingsHappenAllTheTime_NeverTwoOwnersAndWholeOnceTheyStop(ulong seed)
    {
        _kit = TestKit.Virtual(seed, new BuggifyOptions { SiteProbability = 1, MinFireProbability = 0.3, MaxFireProbability = 0.3 });
        Join(6);
        _kit.Advance(TimeSpan.FromMinutes(2));
        Kill("w1");
        Kill("w4");
        _kit.Advance(TimeSpan.FromMinutes(10));
        _kit.VirtualWorld!.Buggify.IsOn = false;

        _kit.AwaitCondition(() => _board.IsWholeAmong(4), "four share the units", TimeSpan.FromMinutes(2));
        Assert.Empty(_board.Overlaps);
        Assert.Equal(
            ["group.answer-late", "group.answer-lost", "group.leader-write-late", "group.renewal-late", "group.watch-breaks", "group.watch-lags"],
            _kit.VirtualWorld.Buggify.Sites.Where(site => site.Fired > 0).Select(site => site.Name));
    }

    private void Settle(int workers)
    {
        Join(workers, expected: workers);
        _kit.AwaitCondition(() => _board.IsWholeAmong(workers) && _board.News.OfType<RebalanceCompleted>().Any(), "the group has settled");
    }

    private void Join(int count, int? expected = null)
    {
        for (; count > 0; count--)
        {
            var bucket = new MemoryBucket(_store);
            var options = new GroupOptions { ExpectedMembers = expected };
            var plan = new GroupPlan(Workers.EvenWeights(Units), AssignmentStrategies.Create("RoundRobin", new StrategyOptions()));
            var name = $"w{_workers.Count}";
            _workers[name] = (_kit.ActorOf(() => new TestWorker(_board, _ => Answer(GroupMember.Props(bucket, options, plan))), name), bucket);
        }
    }

    private void Kill(string name)
    {
        _kit.System.Kill(_workers[name].Actor);
        _board.StopAll(name);
    }

    private static async ActorTask<Props> Answer(Props props)
    {
        await ActorTask.CompletedTask;
        return props;
    }
}
