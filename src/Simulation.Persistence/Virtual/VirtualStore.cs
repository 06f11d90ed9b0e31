using System.Collections.Immutable;
using Simulation.Kernel;

namespace Simulation.Persistence;

/// <summary>
/// A process' way to a <see cref="VirtualDisk"/>. A call takes virtual time and is confirmed when it is on the disk; a <see cref="Crash"/>
/// cuts off what has not been confirmed. By the seed the disk is slow or full, or an answer is lost: the sites are <c>persistence.slow</c>,
/// <c>persistence.full</c>, <c>persistence.unavailable</c> (not done) and <c>persistence.answer-lost</c> (done).
/// </summary>
public sealed class VirtualStore : IPersistenceStore
{
    /// <summary>A mistake that a test switches on, to see that it is found: what is not on the disk yet is confirmed.</summary>
    internal const string PlantedConfirmBeforeWriting = "confirm-before-writing";

    private readonly VirtualDisk _disk;
    private readonly ActorSystem _system;
    private readonly IActorRef _actor;
    private readonly Queue<Order> _open = new();
    private readonly int _writer;
    private int _snapshotsUnderWay;
    private bool _isClosed;

    public VirtualStore(VirtualDisk disk, ActorSystem system, VirtualStoreOptions? options = null)
    {
        if (!system.IsVirtual)
        {
            throw new ArgumentException("This store is for the virtual world.", nameof(system));
        }

        _disk = disk;
        _system = system;
        _writer = disk.NextWriter();
        _actor = system.ActorOf(Props.Create(() => new Executor(this, options ?? new VirtualStoreOptions())), $"store-{_writer}");
    }

    /// <summary>A snapshot is on its way to the disk, and not confirmed.</summary>
    public bool IsSavingSnapshot => _snapshotsUnderWay > 0;

    public string Location => "the virtual disk";

    /// <summary>
    /// The process dies, or the power fails: of the calls that have not been confirmed, some of the first are on the disk and the others are not.
    /// None is ever answered but with an error, and this store is of no use any more; the next process makes another one.
    /// </summary>
    public void Crash()
    {
        if (_isClosed)
        {
            return;
        }

        RandomStream chance = _system.Stream($"{_actor.Path}#crash");
        _isClosed = true;
        _system.Kill(_actor);
        bool isWritten = true;
        while (_open.TryDequeue(out Order? order))
        {
            isWritten = isWritten && chance.NextDouble() < 0.5;
            if (isWritten)
            {
                order.TryDo();
            }

            order.Fail(new PersistenceException(PersistenceProblem.Unavailable, "The power failed."));
        }
    }

    public async ActorTask AppendAsync(ImmutableArray<StoredRecord> events) => await WriteAsync(() => _disk.Append(_writer, events));

    public ActorTask<ImmutableArray<StoredRecord>> ReadEventsAsync(string persistenceId, long fromSequence, int most) =>
        AskAsync(() => _disk.ReadEvents(persistenceId, fromSequence, most), grows: false);

    public async ActorTask DeleteEventsAsync(string persistenceId, long toSequence) => await WriteAsync(() => _disk.DeleteEvents(persistenceId, toSequence));

    public async ActorTask<long> SaveSnapshotAsync(StoredRecord snapshot, int keep)
    {
        _snapshotsUnderWay++;
        try
        {
            return await AskAsync(() => _disk.SaveSnapshot(snapshot, keep), grows: true);
        }
        finally
        {
            _snapshotsUnderWay--;
        }
    }

    public ActorTask<SnapshotReading> ReadSnapshotAsync(string persistenceId) => AskAsync(() => _disk.ReadSnapshot(persistenceId), grows: false);

    public async ActorTask DeleteSnapshotsAsync(string persistenceId, long toSequence) => await WriteAsync(() => _disk.DeleteSnapshots(persistenceId, toSequence));

    public ActorTask<ImmutableArray<PersistenceSummary>> ListAsync() => AskAsync(_disk.List, grows: false);

    public async ActorTask RemoveAsync(string persistenceId) => await WriteAsync(() => _disk.Remove(persistenceId));

    /// <summary>What was asked for is done first, which takes virtual time: it is not over when this returns.</summary>
    public ValueTask DisposeAsync()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _actor.Tell(new Close());
        }

        return ValueTask.CompletedTask;
    }

    private ActorTask<bool> WriteAsync(Action work) => AskAsync(
        () =>
        {
            work();
            return true;
        },
        grows: true);

    private ActorTask<T> AskAsync<T>(Func<T> work, bool grows)
    {
        if (_isClosed)
        {
            return ActorTask.FromException<T>(Errors.Closed(Location));
        }

        var order = new Order<T>(work, grows);
        ActorTask<T> answer = order.Answer.Task;
        _open.Enqueue(order);
        _actor.Tell(order);
        return answer;
    }

    private sealed record Close;

    private abstract class Order(bool grows)
    {
        /// <summary>Whether it needs room.</summary>
        public bool Grows { get; } = grows;

        /// <summary>On the disk. If the disk refuses, that is what will be confirmed.</summary>
        public abstract void TryDo();

        public abstract void Confirm();

        /// <summary>A mistake; see <see cref="PlantedConfirmBeforeWriting"/>.</summary>
        public abstract void ConfirmUnwritten();

        public abstract void Fail(PersistenceException error);
    }

    private sealed class Order<T>(Func<T> work, bool grows) : Order(grows)
    {
        private T _result = default!;
        private PersistenceException? _refusal;

        public Promise<T> Answer { get; } = Promise<T>.Rent();

        public override void TryDo()
        {
            try
            {
                _result = work();
            }
            catch (PersistenceException refusal)
            {
                _refusal = refusal;
            }
        }

        public override void Confirm()
        {
            if (_refusal is null)
            {
                Answer.TrySetResult(_result);
            }
            else
            {
                Answer.TrySetException(_refusal);
            }
        }

        public override void ConfirmUnwritten() => Answer.TrySetResult(default!);

        public override void Fail(PersistenceException error) => Answer.TrySetException(error);
    }

    /// <summary>Does one order after another, each in its time.</summary>
    private sealed class Executor : ReceiveActor
    {
        private static readonly TimeSpan VerySlow = TimeSpan.FromSeconds(5);
        private readonly VirtualStore _store;
        private readonly VirtualStoreOptions _options;

        public Executor(VirtualStore store, VirtualStoreOptions options)
        {
            _store = store;
            _options = options;
            ReceiveAsync<Order>(ExecuteAsync);
            Receive<Close>(_ => Context.Stop(Self));
        }

        private async ActorTask ExecuteAsync(Order order)
        {
            if (order.Grows && Context.IsPlanted(PlantedConfirmBeforeWriting))
            {
                order.ConfirmUnwritten();
            }

            await Context.Delay(Context.Random.Uniform(_options.Latency.Min, _options.Latency.Max));
            await Context.BuggifyDelay("persistence.slow", VerySlow);
            if (order.Grows && Context.Buggify("persistence.full"))
            {
                order.Fail(new PersistenceException(PersistenceProblem.Full, "The virtual disk is full. Make room on it."));
            }
            else if (Context.Buggify("persistence.unavailable"))
            {
                order.Fail(DidNotAnswer());
            }
            else
            {
                order.TryDo();
                if (Context.Buggify("persistence.answer-lost"))
                {
                    order.Fail(DidNotAnswer());
                }
                else
                {
                    order.Confirm();
                }
            }

            _store._open.Dequeue();
        }

        private static PersistenceException DidNotAnswer() => new(PersistenceProblem.Unavailable, "The virtual store did not answer. Try again.");
    }
}
