using System.Collections.Immutable;
using System.Text.Json;
using Simulation.Actors;
using Simulation.History;
using Simulation.Host.Checkpoints;
using Simulation.Host.Virtual;
using Simulation.Kernel;
using Simulation.Persistence;
using Simulation.Testing;

namespace Simulation.Host.Tests.Checkpoints;

/// <summary>The journal in virtual time, over a store that fails for a while; a probe stands for the coordinator.</summary>
public sealed class KeeperHomeTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TestKit _kit = TestKit.Virtual(buggify: BuggifyOptions.Off);
    private readonly VirtualDisk _disk = new();
    private readonly TestProbe _coordinator;
    private readonly FullStore _store;
    private int _recovered;

    public KeeperHomeTests()
    {
        _coordinator = _kit.CreateTestProbe("coordinator");
        _store = new FullStore(new VirtualStore(_disk, _kit.System));
    }

    public ValueTask DisposeAsync() => _kit.DisposeAsync();

    /// <summary>Whatever happened while there was none, and what the failed one could not store, is in the journal in the end: each once, in its order.</summary>
    [Fact]
    public void StoreIsFullForAWhile_AnotherKeeperHalfAMinuteLater_StoresWhatHappenedMeanwhile()
    {
        IActorRef home = Begin();
        home.Tell(new Conduct(_coordinator));
        _coordinator.ExpectMsg<SubscribeToPhases>();
        home.Tell(Event(1));
        _kit.Advance(TimeSpan.FromSeconds(2));

        _store.IsFull = true;
        home.Tell(Event(2));
        _kit.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("The disk is full", Assert.Single(_kit.Log.Containing("the journal cannot be written, so there are no checkpoints for now")).Message);
        home.Tell(Event(3));
        _kit.Advance(TimeSpan.FromSeconds(27));
        Assert.Equal([1], Journal());
        _coordinator.ExpectNoMsg(TimeSpan.Zero);

        _store.IsFull = false;
        _kit.Advance(TimeSpan.FromSeconds(3));
        _coordinator.ExpectMsg<SubscribeToPhases>();
        home.Tell(Event(4));
        _kit.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal([1, 2, 3, 4], Journal());
        Assert.Single(_kit.Log.Containing("Checkpoints are taken again"));
        Assert.Equal(1, _recovered);
        home.Tell(new TakeCheckpoint());
        _coordinator.ExpectMsg<GetFolded>();
    }

    /// <summary>Still full at the second trial: it is tried again, for as long as the run lasts.</summary>
    [Fact]
    public void StoreStaysFull_IsTriedAgainEachHalfMinute()
    {
        IActorRef home = Begin();
        home.Tell(new Conduct(_coordinator));
        _store.IsFull = true;
        home.Tell(Event(1));

        _kit.Advance(TimeSpan.FromMinutes(3));
        int keepers = Subscriptions();
        _store.IsFull = false;
        _kit.Advance(TimeSpan.FromSeconds(35));

        Assert.InRange(keepers, 4, 7);
        Assert.Equal([1], Journal());
    }

    /// <summary>The logs of the run know what happened after the last event of the journal: seconds before the crash that is nothing, earlier it is damage.</summary>
    [Theory]
    [InlineData(30, true)]
    [InlineData(55, false)]
    public void Resume_JournalThatLostItsEnd_IsWarnedOf(int happenedAfter, bool isWarned)
    {
        IActorRef before = Begin();
        before.Tell(new Conduct(_coordinator));
        before.Tell(Event(1));
        _kit.Advance(TimeSpan.FromSeconds(2));
        _kit.System.Stop(before);
        _kit.Advance(TimeSpan.FromSeconds(1));

        IActorRef home = Begin();
        home.Tell(Event(1)); // The logs are read from the beginning, and tell again what is stored.
        home.Tell(Event(happenedAfter));
        home.Tell(new Conduct(_coordinator, InterruptedAt: Start + TimeSpan.FromSeconds(60)));
        _kit.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(isWarned ? 1 : 0, _kit.Log.Containing("the journal ends at 2026-01-01 00:00:01Z, though more had happened: it is damaged, or could not be written").Count);
        Assert.Equal([1, happenedAfter], Journal());
    }

    /// <summary>A run that had no checkpoints has lost none.</summary>
    [Fact]
    public void Resume_NothingWasJournaled_IsNotWarnedOf()
    {
        IActorRef home = Begin();
        home.Tell(Event(1));
        home.Tell(new Conduct(_coordinator, InterruptedAt: Start + TimeSpan.FromSeconds(60)));
        _kit.Advance(TimeSpan.FromSeconds(2));

        Assert.Empty(_kit.Log.Containing("the journal ends"));
        Assert.Equal([1], Journal());
    }

    private IActorRef Begin()
    {
        var options = new KeeperOptions("test", TimeSpan.FromHours(1), (_, _) => _recovered++, Unmeasured.Checkpoints);
        IActorRef home = _kit.ActorOf(KeeperHome.Props(options, new PersistenceServices(_store, _store, Stored.Types)));
        int before = _recovered;
        _kit.AwaitCondition(() => _recovered > before, "what is stored was read");
        return home;
    }

    private static Happened Event(int second) => new(Start + TimeSpan.FromSeconds(second), "coordinator", RecordType.Note, null, second, null);

    /// <returns>The numbers of the events that are stored.</returns>
    private long[] Journal()
    {
        ImmutableArray<StoredRecord> stored = _kit.Run(_ => _store.ReadEventsAsync("run/test", 1, 100));
        return [.. stored.Select(record => JsonSerializer.Deserialize<Happened>(record.Json, StoredTypes.Json)!.Number!.Value)];
    }

    private int Subscriptions()
    {
        int count = 0;
        for (; _coordinator.Waiting > 0; count++)
        {
            _coordinator.ExpectMsg<SubscribeToPhases>();
        }

        return count;
    }
}
