using Simulation.JetStream;

namespace Simulation.Partitioning.Tests.Group;

/// <summary>A bucket with history 1 in memory: a sequence of writes, and whoever watches them.</summary>
internal sealed class ModelStore
{
    private readonly Dictionary<string, KeyValueEntry> _entries = [];
    private ulong _sequence;

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

        var operation = store.Kind == StoreKind.Delete ? KeyValueOperation.Delete : KeyValueOperation.Put;
        var value = operation == KeyValueOperation.Put ? store.Value : [];
        var entry = new KeyValueEntry(store.Key, value, ++_sequence, DateTimeOffset.UnixEpoch, operation);
        _entries[store.Key] = entry;
        Written?.Invoke(entry);
        return _sequence;
    }
}
