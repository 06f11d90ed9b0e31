using Simulation.Kernel;

namespace Simulation.JetStream;

/// <summary>A key-value bucket over a stream named <c>KV_&lt;bucket&gt;</c>, wire-compatible with other NATS clients.</summary>
public interface IKeyValueBucket
{
    string Bucket { get; }

    /// <returns>Null when there is none, or it was deleted.</returns>
    ActorTask<KeyValueEntry?> GetAsync(string key);

    ActorTask<KeyValueOutcome> PutAsync(string key, ReadOnlyMemory<byte> value);

    /// <summary>Succeeds only when the key has no live value.</summary>
    ActorTask<KeyValueOutcome> CreateAsync(string key, ReadOnlyMemory<byte> value);

    /// <summary>Compare-and-set: succeeds only when <paramref name="revision"/> is the key's latest.</summary>
    ActorTask<KeyValueOutcome> UpdateAsync(string key, ReadOnlyMemory<byte> value, ulong revision);

    /// <param name="key">The key.</param>
    /// <param name="revision">Only if this is the latest; null for whatever it is.</param>
    ActorTask<KeyValueOutcome> DeleteAsync(string key, ulong? revision = null);

    /// <summary>As <see cref="DeleteAsync"/>, and the key's history goes, too.</summary>
    ActorTask<KeyValueOutcome> PurgeAsync(string key, ulong? revision = null);

    /// <summary>
    /// First the live entries (of keys that match, NATS wildcards allowed) and the mark, then every change, deletes included. An entry that
    /// outlives its time to live is removed by the server without a change: whoever needs to know when that happens counts the time himself.
    /// </summary>
    IKeyValueWatch Watch(string keyFilter = ">");
}

public interface IKeyValueWatch
{
    ActorTask<KeyValueChange> NextAsync();

    void Stop();
}

/// <summary>A change, or (<see cref="Entry"/> null) the mark that what existed when the watch began has all been given; <see cref="Stopped"/> after a stop.</summary>
public readonly record struct KeyValueChange(KeyValueEntry? Entry, bool Stopped = false)
{
    public bool IsCaughtUpMark => Entry is null && !Stopped;
}

public enum KeyValueOperation { Put, Delete, Purge }

public sealed record KeyValueEntry(string Key, ReadOnlyMemory<byte> Value, ulong Revision, DateTimeOffset Time, KeyValueOperation Operation);

public enum KeyValueResult
{
    Done,

    /// <summary>Somebody else was first: another revision is the latest.</summary>
    Conflict,

    /// <summary>It may or may not have happened: read it again.</summary>
    Unknown,

    /// <summary>Refused for another reason: see the text.</summary>
    Rejected,
}

public readonly record struct KeyValueOutcome(KeyValueResult Result, ulong Revision, string? Text = null)
{
    public bool IsDone => Result == KeyValueResult.Done;
}

/// <param name="Bucket">Letters, digits, <c>_</c> and <c>-</c>.</param>
public sealed record KeyValueConfig(string Bucket)
{
    /// <summary>After which an entry that was not written again is gone. Default: zero, never. Servers take 100 ms and more.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.Zero;

    /// <summary>Values kept for a key, 1 to 64. Default: 1.</summary>
    public int History { get; init; } = 1;

    public int Replicas { get; init; } = 1;

    public StorageType Storage { get; init; } = StorageType.File;
}
