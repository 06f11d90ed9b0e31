using System.Text;
using Simulation.Kernel;

namespace Simulation.JetStream;

/// <summary>A bucket over a connection. It holds no state: any number of them, anywhere, may work on one bucket.</summary>
internal sealed class KeyValueBucket(IJetStreamConnection connection, string bucket) : IKeyValueBucket
{
    private const int UsualSubject = 256;

    private static readonly byte[] DeleteHeaders = Encoding.ASCII.GetBytes("KV-Operation: DEL\r\n");
    private static readonly byte[] PurgeHeaders = Encoding.ASCII.GetBytes("KV-Operation: PURGE\r\nNats-Rollup: sub\r\n");

    private readonly byte[] _subjectPrefix = Encoding.ASCII.GetBytes(KeyValueNames.Subject(bucket, ""));

    public string Bucket => bucket;

    public async ActorTask<KeyValueEntry?> GetAsync(string key) =>
        await LatestAsync(key) is { Operation: KeyValueOperation.Put } entry ? entry : null;

    public ActorTask<KeyValueOutcome> PutAsync(string key, ReadOnlyMemory<byte> value) => WriteAsync(key, value, []);

    public async ActorTask<KeyValueOutcome> CreateAsync(string key, ReadOnlyMemory<byte> value)
    {
        KeyValueOutcome outcome = await WriteAsync(key, value, [], revision: 0);
        if (outcome.Result != KeyValueResult.Conflict)
        {
            return outcome;
        }

        KeyValueEntry? latest;
        try
        {
            latest = await LatestAsync(key);
        }
        catch (JetStreamUnavailableException error)
        {
            return new KeyValueOutcome(KeyValueResult.Unknown, 0, error.Message);
        }

        // The key has a past: a live value is a conflict, but what was deleted may be created, on top of its marker. None at all: it
        // expired just now.
        return latest is { Operation: KeyValueOperation.Put }
            ? outcome with { Revision = latest.Revision }
            : await WriteAsync(key, value, [], revision: latest?.Revision ?? 0);
    }

    public ActorTask<KeyValueOutcome> UpdateAsync(string key, ReadOnlyMemory<byte> value, ulong revision) => WriteAsync(key, value, [], revision);

    public ActorTask<KeyValueOutcome> DeleteAsync(string key, ulong? revision = null) => WriteAsync(key, default, DeleteHeaders, revision);

    public ActorTask<KeyValueOutcome> PurgeAsync(string key, ulong? revision = null) => WriteAsync(key, default, PurgeHeaders, revision);

    public IKeyValueWatch Watch(string keyFilter = ">")
    {
        KeyValueNames.RequireFilter(keyFilter);
        return new KeyValueWatch(connection, bucket, keyFilter);
    }

    /// <returns>The key's last entry, which may be a delete marker.</returns>
    private async ActorTask<KeyValueEntry?> LatestAsync(string key)
    {
        KeyValueNames.RequireKey(key);
        StoredMessage? message = await connection.GetLastMessageAsync(KeyValueNames.Stream(bucket), KeyValueNames.Subject(bucket, key));
        return message is null ? null : KeyValueEntries.Read(bucket, message);
    }

    private async ActorTask<KeyValueOutcome> WriteAsync(string key, ReadOnlyMemory<byte> value, byte[] headers, ulong? revision = null)
    {
        PublishOutcome outcome = await Publish(key, value.Span, headers, revision);
        return outcome.Result switch
        {
            PublishResult.Acknowledged => new KeyValueOutcome(KeyValueResult.Done, outcome.Sequence),
            PublishResult.Unknown => new KeyValueOutcome(KeyValueResult.Unknown, 0, $"{outcome.Reason} {outcome.Text}".TrimEnd()),
            _ => new KeyValueOutcome(IsWrongRevision(outcome.ErrorCode) ? KeyValueResult.Conflict : KeyValueResult.Rejected, 0, outcome.Text),
        };
    }

    private ActorTask<PublishOutcome> Publish(string key, ReadOnlySpan<byte> value, byte[] headers, ulong? revision)
    {
        KeyValueNames.RequireKey(key);
        int length = _subjectPrefix.Length + key.Length;
        Span<byte> subject = length <= UsualSubject ? stackalloc byte[UsualSubject] : new byte[length];
        _subjectPrefix.CopyTo(subject);
        Encoding.ASCII.GetBytes(key, subject[_subjectPrefix.Length..]);
        return connection.PublishAsync(new PublishMessage
        {
            Subject = subject[..length],
            Payload = value,
            Headers = headers,
            Expectation = revision is null ? null : new PublishExpectation { LastSubjectSequence = revision },
        });
    }

    /// <summary>10071 wrong last sequence; 10164 the same from a replicated stream that has not yet stored the write it lost to.</summary>
    private static bool IsWrongRevision(int errorCode) => errorCode is 10071 or 10164;
}
