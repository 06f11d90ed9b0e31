using Simulation.Kernel;
using Simulation.Persistence.Tests.Scenes;
using Simulation.Testing;

namespace Simulation.Persistence.Tests.Actors;

/// <summary>What a persistent actor does in both worlds: with a file in the real one, with a modelled disk in the virtual one.</summary>
public sealed class PersistentActorTests
{
    public static TheoryData<World> BothWorlds => [World.Real, World.Virtual];

    [Theory]
    [MemberData(nameof(BothWorlds))]
    public async Task Persist_ActorComesBack_StateIsThere(World world)
    {
        await using StoreScene scene = SceneIn(world);
        await using (IPersistenceStore store = scene.Open())
        {
            IActorRef counter = scene.Kit.ActorOf(Counter.Props(Counter.Services(store)));
            Assert.Equal(new Answer(3, 1, "completed"), Ask(scene, counter, new Add(3)));
            Assert.Equal(new Answer(7, 2, "completed"), Ask(scene, counter, new Add(4)));
            Assert.Equal(new Answer(10, 4, "completed"), Ask(scene, counter, new AddAll(1, 2)));
            Stop(scene, counter);
        }

        await using IPersistenceStore again = scene.Open();
        IActorRef next = scene.Kit.ActorOf(Counter.Props(Counter.Services(again)));
        Assert.Equal(new Answer(10, 4, "event 3, event 4, event 1, event 2, completed"), Ask(scene, next, new Get()));
        Assert.Equal(5, Ask(scene, next, new Add(1)).LastSequence);
    }

    [Theory]
    [MemberData(nameof(BothWorlds))]
    public async Task Recovery_Snapshot_OnlyLaterEventsFollow(World world)
    {
        await using StoreScene scene = SceneIn(world);
        await using IPersistenceStore store = scene.Open();
        TestProbe probe = scene.Kit.CreateTestProbe();
        IActorRef counter = scene.Kit.ActorOf(Counter.Props(Counter.Services(store), probe));
        Ask(scene, counter, new AddAll(1, 2));
        counter.Tell(new TakeSnapshot());
        Assert.Equal(2, probe.ExpectMsg<SaveSnapshotSuccess>().Metadata.Sequence);
        Ask(scene, counter, new Add(3));
        Stop(scene, counter);

        Assert.Equal(new Answer(6, 3, "snapshot 2, event 3, completed"), Ask(scene, Again(scene, store), new Get()));
    }

    [Theory]
    [MemberData(nameof(BothWorlds))]
    public async Task Recovery_NewestSnapshotDamaged_FallsBackAndTellsTheActor(World world)
    {
        await using StoreScene scene = SceneIn(world);
        await using IPersistenceStore store = scene.Open();
        TestProbe probe = scene.Kit.CreateTestProbe();
        IActorRef counter = scene.Kit.ActorOf(Counter.Props(Counter.Services(store), probe));
        for (int amount = 1; amount <= 3; amount++)
        {
            Ask(scene, counter, new Add(amount));
            counter.Tell(new TakeSnapshot());
            Assert.Equal(1, probe.ExpectMsg<SaveSnapshotSuccess>().OldestKept);
        }

        Stop(scene, counter);
        scene.DamageNewestSnapshot("counter");

        Assert.Equal(new Answer(6, 3, "damaged 3, snapshot 2, event 3, completed"), Ask(scene, Again(scene, store), new Get()));
        Assert.Contains(scene.Kit.Log.Entries, entry => entry.Level == LogLevel.Warning && entry.Message.Contains("is damaged (its checksum is wrong)"));
    }

    [Theory]
    [MemberData(nameof(BothWorlds))]
    public async Task Recovery_EventsAreMissing_RefusesToGuess(World world)
    {
        await using StoreScene scene = SceneIn(world);
        await using IPersistenceStore store = scene.Open();
        TestProbe probe = scene.Kit.CreateTestProbe();
        IActorRef counter = scene.Kit.ActorOf(Counter.Props(Counter.Services(store), probe));
        Ask(scene, counter, new AddAll(1, 2, 3));
        counter.Tell(new TakeSnapshot());
        probe.ExpectMsg<SaveSnapshotSuccess>();
        counter.Tell(new DeleteEventsTo(3));
        probe.ExpectMsg<DeleteEventsSuccess>();
        Stop(scene, counter);
        scene.DamageNewestSnapshot("counter");

        IActorRef next = Again(scene, store, probe);
        probe.Watch(next);
        Assert.Equal("not recovered: Damaged", probe.ExpectMsg<string>());
        probe.ExpectTerminated(next);
    }

    [Theory]
    [MemberData(nameof(BothWorlds))]
    public async Task Delete_SnapshotsAndEvents_WhatIsNeededStays(World world)
    {
        await using StoreScene scene = SceneIn(world);
        await using IPersistenceStore store = scene.Open();
        TestProbe probe = scene.Kit.CreateTestProbe();
        IActorRef counter = scene.Kit.ActorOf(Counter.Props(Counter.Services(store) with { Keep = 1 }, probe));
        Ask(scene, counter, new Add(1));
        counter.Tell(new TakeSnapshot());
        Assert.Equal(1, probe.ExpectMsg<SaveSnapshotSuccess>().OldestKept);
        counter.Tell(new DeleteSnapshotsTo(1));
        Assert.Equal(1, probe.ExpectMsg<DeleteSnapshotsSuccess>().ToSequence);
        Ask(scene, counter, new Add(2));
        counter.Tell(new TakeSnapshot());
        Assert.Equal(2, probe.ExpectMsg<SaveSnapshotSuccess>().OldestKept);
        counter.Tell(new DeleteEventsTo(2));
        probe.ExpectMsg<DeleteEventsSuccess>();
        Stop(scene, counter);

        Assert.Equal(new Answer(3, 2, "snapshot 2, completed"), Ask(scene, Again(scene, store), new Get()));
    }

    [Theory]
    [MemberData(nameof(BothWorlds))]
    public async Task Restart_AfterAFailure_StateIsThere(World world)
    {
        await using StoreScene scene = SceneIn(world);
        await using IPersistenceStore store = scene.Open();
        IActorRef counter = scene.Kit.ActorOf(Counter.Props(Counter.Services(store)));
        Ask(scene, counter, new Add(5));
        counter.Tell(new InvalidOperationException("told to fail"));
        Assert.Equal(new Answer(5, 1, "event 5, completed"), Ask(scene, counter, new Get()));
    }

    [Theory]
    [MemberData(nameof(BothWorlds))]
    public async Task Persist_AnotherProcessWrites_StopsTheActor(World world)
    {
        await using StoreScene scene = SceneIn(world);
        await using IPersistenceStore store = scene.Open();
        await using IPersistenceStore other = scene.Open();
        TestProbe probe = scene.Kit.CreateTestProbe();
        IActorRef counter = scene.Kit.ActorOf(Counter.Props(Counter.Services(store), probe));
        IActorRef rival = scene.Kit.ActorOf(Counter.Props(Counter.Services(other)));
        Ask(scene, counter, new Add(1));
        Ask(scene, rival, new Get());
        Ask(scene, counter, new Add(2));
        TestProbe watcher = scene.Kit.CreateTestProbe();
        watcher.Watch(rival);
        rival.Tell(new Add(3));
        watcher.ExpectTerminated(rival);

        Assert.Equal(new Answer(3, 2, "completed"), Ask(scene, counter, new Get()));
    }

    [Theory]
    [MemberData(nameof(BothWorlds))]
    public async Task Recovery_MoreEventsThanABatch_AllComeBack(World world)
    {
        await using StoreScene scene = SceneIn(world);
        await using IPersistenceStore store = scene.Open();
        IActorRef counter = scene.Kit.ActorOf(Counter.Props(Counter.Services(store)));
        Ask(scene, counter, new AddAll([.. Enumerable.Repeat(1, 1000)]));
        Ask(scene, counter, new Add(1));
        Stop(scene, counter);

        Answer answer = Ask(scene, Again(scene, store), new Get());
        Assert.Equal((1001, 1001L), (answer.Total, answer.LastSequence));
    }

    [Fact]
    public async Task Persist_StoreDoesNotAnswer_TriesAgainAndStoresOnce()
    {
        BuggifyOptions lossy = new() { SiteProbability = 0, Forced = new HashSet<string> { "persistence.answer-lost" } };
        await using VirtualScene scene = new(buggify: lossy);
        VirtualStore store = scene.Open();
        IActorRef counter = scene.Kit.ActorOf(Counter.Props(Counter.Services(store) with { Patience = TimeSpan.FromSeconds(10) }));
        counter.Tell(new Add(1));
        scene.Kit.Advance(TimeSpan.FromSeconds(2));
        scene.Kit.VirtualWorld!.Buggify.IsOn = false;

        Assert.Equal(new Answer(1, 1, "completed"), Ask(scene, counter, new Get()));
    }

    [Fact]
    public async Task Persist_DiskIsFull_StopsTheActorAndSaysWhy()
    {
        BuggifyOptions full = new() { SiteProbability = 0, Forced = new HashSet<string> { "persistence.full" } };
        await using VirtualScene scene = new(buggify: full);
        TestProbe probe = scene.Kit.CreateTestProbe();
        IActorRef counter = scene.Kit.ActorOf(Counter.Props(Counter.Services(scene.Open()), probe));
        probe.Watch(counter);
        counter.Tell(new Add(1));
        counter.Tell(new Add(2));

        Assert.Equal("not persisted 1: Full", probe.ExpectMsg<string>());
        probe.ExpectTerminated(counter);
        Assert.Equal(1, scene.Kit.System.DeadLetterCount);
    }

    private static StoreScene SceneIn(World world) => world == World.Virtual ? new VirtualScene() : new SqliteScene();

    private static Answer Ask(StoreScene scene, IActorRef counter, object command) =>
        scene.Kit.Run(context => context.Ask<Answer>(counter, command, TestKit.DefaultPatience));

    private static IActorRef Again(StoreScene scene, IPersistenceStore store, TestProbe? probe = null) =>
        scene.Kit.ActorOf(Counter.Props(Counter.Services(store), probe));

    private static void Stop(StoreScene scene, IActorRef counter)
    {
        scene.Kit.System.Stop(counter);
        scene.Kit.Await(scene.Kit.System.WhenTerminated(counter));
    }
}
