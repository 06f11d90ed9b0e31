using Simulation.Kernel;

namespace Simulation.Persistence.Tests.Actors;

internal sealed record Add(int Amount);

internal sealed record AddAll(params int[] Amounts);

internal sealed record Get;

internal sealed record TakeSnapshot;

internal sealed record DeleteEventsTo(long Sequence);

internal sealed record DeleteSnapshotsTo(long Sequence);

internal sealed record Added(int Amount);

internal sealed record CounterState(int Total);

internal sealed record Answer(int Total, long LastSequence, string Recovered);

/// <summary>A sum that survives. It tells the probe what comes back from the store, and answers each command.</summary>
internal sealed class Counter : PersistentActor
{
    private readonly IActorRef? _probe;
    private readonly List<string> _recovered = [];
    private int _total;

    public Counter(PersistenceServices persistence, string id, IActorRef? probe)
        : base(persistence)
    {
        PersistenceId = id;
        _probe = probe;
        Recover<Added>(OnAdded);
        Recover<SnapshotOffer>(offer =>
        {
            _total = ((CounterState)offer.Snapshot).Total;
            _recovered.Add($"snapshot {offer.Metadata.Sequence}");
        });
        Recover<SnapshotDamaged>(damaged => _recovered.Add($"damaged {damaged.Snapshot.Sequence}"));
        Recover<RecoveryCompleted>(_ => _recovered.Add("completed"));
        ReceiveAsync<Add>(AddAsync);
        ReceiveAsync<AddAll>(AddAllAsync);
        Receive<Get>(_ => Reply());
        Receive<TakeSnapshot>(_ => SaveSnapshot(new CounterState(_total)));
        Receive<DeleteEventsTo>(delete => DeleteEvents(delete.Sequence));
        Receive<DeleteSnapshotsTo>(delete => DeleteSnapshots(delete.Sequence));
        Receive<SaveSnapshotSuccess>(message => _probe?.Tell(message));
        Receive<SaveSnapshotFailure>(message => _probe?.Tell(message));
        Receive<DeleteEventsSuccess>(message => _probe?.Tell(message));
        Receive<DeleteEventsFailure>(message => _probe?.Tell(message));
        Receive<DeleteSnapshotsSuccess>(message => _probe?.Tell(message));
        Receive<Exception>(error => throw error);
    }

    public static StoredTypes Types => new StoredTypes().Add<Added>("added").Add<CounterState>("counter");

    protected override string PersistenceId { get; }

    public static PersistenceServices Services(IPersistenceStore store) => new(store, store, Types) { Patience = TimeSpan.Zero };

    public static Props Props(PersistenceServices persistence, IActorRef? probe = null, string id = "counter") =>
        Kernel.Props.Create(() => new Counter(persistence, id, probe));

    protected override void OnPersistFailure(Exception cause, object @event, long sequence) => _probe?.Tell($"not persisted {sequence}: {Kind(cause)}");

    protected override void OnRecoveryFailure(Exception cause) => _probe?.Tell($"not recovered: {Kind(cause)}");

    private static string Kind(Exception cause) => cause is PersistenceException { Problem: var problem } ? $"{problem}" : cause.GetType().Name;

    private async ActorTask AddAsync(Add add)
    {
        await Persist(new Added(add.Amount), OnAdded);
        Reply();
    }

    private async ActorTask AddAllAsync(AddAll add)
    {
        await PersistAll([.. add.Amounts.Select(amount => new Added(amount))], OnAdded);
        Reply();
    }

    private void OnAdded(Added added)
    {
        _total += added.Amount;
        if (IsRecovering)
        {
            _recovered.Add($"event {added.Amount}");
        }
    }

    private void Reply() => Sender?.Tell(new Answer(_total, LastSequence, string.Join(", ", _recovered)));
}
