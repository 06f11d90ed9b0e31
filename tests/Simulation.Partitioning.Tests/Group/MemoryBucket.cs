using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Partitioning.Tests.Group;

/// <summary>The model store behind the bucket's contract, for actors in the virtual world. <see cref="IsAway"/> cuts it off.</summary>
internal sealed class MemoryBucket(ModelStore store) : IKeyValueBucket
{
    public string Bucket => "memory";

    /// <summary>The server cannot be reached by whoever uses this bucket.</summary>
    public bool IsAway { get; set; }

    /// <summary>The server has no room: it answers, and takes nothing.</summary>
    public bool IsFull { get; set; }

    public int Refusals { get; private set; }

    public int Writes { get; private set; }

    public ActorTask<KeyValueEntry?> GetAsync(string key) =>
        Answer(IsAway ? throw new JetStreamUnavailableException("away") : store.Read(key));

    public ActorTask<KeyValueOutcome> PutAsync(string key, ReadOnlyMemory<byte> value) => throw new NotSupportedException();

    public ActorTask<KeyValueOutcome> CreateAsync(string key, ReadOnlyMemory<byte> value) => Write(StoreKind.Create, key, value, 0);

    public ActorTask<KeyValueOutcome> UpdateAsync(string key, ReadOnlyMemory<byte> value, ulong revision) => Write(StoreKind.Update, key, value, revision);

    public ActorTask<KeyValueOutcome> DeleteAsync(string key, ulong? revision = null) => throw new NotSupportedException();

    public ActorTask<KeyValueOutcome> PurgeAsync(string key, ulong? revision = null) => throw new NotSupportedException();

    public IKeyValueWatch Watch(string keyFilter = ">") => new MemoryWatch(this, store, keyFilter);

    private ActorTask<KeyValueOutcome> Write(StoreKind kind, string key, ReadOnlyMemory<byte> value, ulong revision)
    {
        if (IsAway)
        {
            return Answer(new KeyValueOutcome(KeyValueResult.Unknown, 0));
        }

        if (IsFull)
        {
            Refusals++;
            return Answer(new KeyValueOutcome(KeyValueResult.Rejected, 0, "insufficient resources"));
        }

        Writes++;
        return Answer(store.Apply(new Store(0, Cell.Lease, kind, key, value.ToArray(), revision)) is { } written
            ? new KeyValueOutcome(KeyValueResult.Done, written)
            : new KeyValueOutcome(KeyValueResult.Conflict, 0));
    }

    private static ActorTask<T> Answer<T>(T value)
    {
        var promise = Promise<T>.Rent();
        var task = promise.Task;
        promise.TrySetResult(value);
        return task;
    }

    private sealed class MemoryWatch : IKeyValueWatch
    {
        private readonly MemoryBucket _bucket;
        private readonly ModelStore _store;
        private readonly string _filter;
        private readonly Queue<KeyValueChange> _changes = [];
        private Promise<KeyValueChange>? _waiting;

        public MemoryWatch(MemoryBucket bucket, ModelStore store, string filter)
        {
            (_bucket, _store, _filter) = (bucket, store, filter);
            foreach (var entry in store.Live)
            {
                Give(entry);
            }

            _changes.Enqueue(default);
            store.Written += Give;
        }

        public ActorTask<KeyValueChange> NextAsync()
        {
            if (_changes.TryDequeue(out var change))
            {
                return Answer(change);
            }

            var promise = Promise<KeyValueChange>.Rent();
            _waiting = promise;
            return promise.Task;
        }

        public void Stop()
        {
            _store.Written -= Give;
            Add(new KeyValueChange(null, Stopped: true));
        }

        private void Give(KeyValueEntry entry)
        {
            var matches = _filter == entry.Key || (_filter.EndsWith('*') && entry.Key.StartsWith(_filter[..^1], StringComparison.Ordinal));
            if (matches && !_bucket.IsAway)
            {
                Add(new KeyValueChange(entry));
            }
        }

        private void Add(KeyValueChange change)
        {
            if (_waiting is { } waiting)
            {
                _waiting = null;
                waiting.TrySetResult(change);
            }
            else
            {
                _changes.Enqueue(change);
            }
        }
    }
}
