using Simulation.Kernel;
using Simulation.Persistence.Tests.Scenes;
using Simulation.Testing;

namespace Simulation.Persistence.Tests.Actors;

/// <summary>The moments around a recovery, in the virtual world.</summary>
public sealed class RecoveryTests : IAsyncLifetime
{
    private static readonly BuggifyOptions Slow = new() { SiteProbability = 0, Forced = new HashSet<string> { "persistence.slow" } };

    private readonly VirtualScene _scene = new(buggify: Slow);
    private readonly VirtualStore _store;
    private readonly TestProbe _probe;

    public RecoveryTests()
    {
        _store = _scene.Open();
        _probe = _scene.Kit.CreateTestProbe();
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _scene.DisposeAsync();

    [Fact]
    public void Recovery_CommandsComeMeanwhile_AreHandledAfterItInTheirOrder()
    {
        _scene.Run(() => _store.AppendAsync([Stored("added", 1, """{"amount":10}""")]));
        IActorRef counter = _scene.Kit.ActorOf(Counter.Props(Counter.Services(_store), _probe));
        _probe.Send(counter, new Add(1));
        _probe.Send(counter, new Add(2));
        _probe.Send(counter, new Get());

        Assert.Equal([11, 13, 13], Enumerable.Range(0, 3).Select(_ => _probe.ExpectMsg<Answer>().Total));
    }

    [Fact]
    public void Stop_WhileRecovering_StopsWhenTheStoreHasAnswered()
    {
        IActorRef counter = _scene.Kit.ActorOf(Counter.Props(Counter.Services(_store), _probe));
        _probe.Watch(counter);
        _probe.Send(counter, new Get());
        _scene.Kit.Advance(TimeSpan.Zero);
        _scene.Kit.System.Stop(counter);

        _probe.FishForMessage<Terminated>();
    }

    [Theory]
    [InlineData("added", 2, "Unknown")]
    [InlineData("subtracted", 1, "Unknown")]
    [InlineData("counter", 1, "InvalidOperationException")]
    public void Recovery_EventThatCannotBeTaken_StopsTheActor(string type, int version, string problem)
    {
        _scene.Run(() => _store.AppendAsync([Stored(type, version, """{"total":1}""")]));
        IActorRef counter = _scene.Kit.ActorOf(Counter.Props(Counter.Services(_store), _probe));
        _probe.Watch(counter);

        Assert.Equal($"not recovered: {problem}", _probe.ExpectMsg<string>());
        _probe.ExpectTerminated(counter);
    }

    [Fact]
    public void Recovery_CommandIsHeldAndRecoveryFails_CommandIsADeadLetter()
    {
        _scene.Run(() => _store.AppendAsync([Stored("subtracted", 1, "{}")]));
        IActorRef counter = _scene.Kit.ActorOf(Counter.Props(Counter.Services(_store), _probe));
        _probe.Watch(counter);
        _probe.Send(counter, new Add(1));
        _probe.Send(counter, new Add(2));

        _probe.FishForMessage<Terminated>();
        _scene.Kit.AwaitCondition(() => _scene.Kit.System.DeadLetterCount == 2, "both commands are dead letters");
    }

    [Fact]
    public void SaveSnapshot_ClockWasSetBack_IsTheNewestAllTheSame()
    {
        StoredRecord old = Stored("counter", 1, """{"total":7}""") with { At = new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero), Sequence = 0 };
        _scene.Run(() => _store.SaveSnapshotAsync(old, 1));
        IActorRef counter = _scene.Kit.ActorOf(Counter.Props(Counter.Services(_store) with { Keep = 2 }, _probe));
        counter.Tell(new TakeSnapshot());
        counter.Tell(new TakeSnapshot());

        DateTimeOffset[] times = [.. Enumerable.Range(0, 2).Select(_ => _probe.ExpectMsg<SaveSnapshotSuccess>().Metadata.At)];
        Assert.Equal([old.At.AddTicks(1), old.At.AddTicks(2)], times);
        Assert.Equal(2, _scene.Run(() => _store.ListAsync()).Single().Snapshots);
    }

    [Fact]
    public void Persist_WhileAnotherIsUnderWay_IsAMistake()
    {
        IActorRef hasty = _scene.Kit.ActorOf(() => new Hasty(Counter.Services(_store), _probe));
        hasty.Tell(new Get());

        Assert.Contains("is persisting already", _probe.ExpectMsg<string>());
        Assert.Equal(1, _probe.ExpectMsg<Added>().Amount);
    }

    private static StoredRecord Stored(string type, int version, string json) =>
        new("counter", 1, new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), type, version, json);

    /// <summary>Persists in a loop of its own, and in its handler at the same time.</summary>
    private sealed class Hasty : PersistentActor
    {
        private readonly IActorRef _probe;

        public Hasty(PersistenceServices persistence, IActorRef probe)
            : base(persistence)
        {
            _probe = probe;
            ReceiveAsync<Get>(HurryAsync);
        }

        protected override string PersistenceId => "hasty";

        private async ActorTask HurryAsync(Get message)
        {
            Context.Spawn(() => Persist(new Added(1), added => _probe.Tell(added)));
            try
            {
                await Persist(new Added(2), added => _probe.Tell(added));
            }
            catch (InvalidOperationException error)
            {
                _probe.Tell(error.Message);
            }
        }
    }
}
