using Simulation.JetStream;

namespace Simulation.Partitioning.Tests.Group;

/// <summary>A bucket with history 1 in memory: a sequence of writes, and whoever watches them.</summary>
internal sealed class ModelStore
{
    private readonly Dictionary<string, KeyValueEntry> _entries = [];
    private ulong _sequence;

    public ModelStore() => Write(GroupKeys.Founded, [], KeyValueOperation.Put);

    /// <summary>Told of every write, in order.</summary>
    public event Action<KeyValueEntry>? Written;

    public KeyValueEntry? Read(string key) => _entries.GetValueOrDefault(key) is { Operation: KeyValueOperation.Put } entry ? entry : null;

    public IEnumerable<KeyValueEntry> Live => _entries.Values.Where(entry => entry.Operation == KeyValueOperation.Put).OrderBy(entry => entry.Revision);

    /// <returns>The new revision, or null when somebody else was first.</returns>
    public ulong? Apply(Store store)
    {
        var current = _entries.GetValueOrDefault(store.Key);
        var expected = store.Kind == StoreKind.Create
            ? current?.Operation != KeyValueOperation.Put
            : current?.Revision == store.Revision;
        if (!expected)
        {
            return null;
        }

        return Write(store.Key, store.Value, KeyValueOperation.Put);
    }

    /// <summary>Somebody who is no member deletes a key.</summary>
    public void Delete(string key) => Write(key, [], KeyValueOperation.Delete);

    private ulong Write(string key, byte[] value, KeyValueOperation operation)
    {
        var entry = new KeyValueEntry(key, value, ++_sequence, DateTimeOffset.UnixEpoch, operation);
        _entries[key] = entry;
        Written?.Invoke(entry);
        return _sequence;
    }
}
