using Simulation.Kernel;

namespace Simulation.JetStream;

/// <summary>Makes, opens and deletes key-value buckets, laid out as every NATS client does it, so that all of them can share a bucket.</summary>
public static class KeyValueStore
{
    /// <summary>The server's own window for message ids; it may not be longer than messages live.</summary>
    private static readonly TimeSpan DefaultDuplicateWindow = TimeSpan.FromMinutes(2);

    /// <summary>Makes the bucket, or opens it when it is there with the same configuration; with another, <see cref="JetStreamApiException"/> 10058.</summary>
    public static async ActorTask<IKeyValueBucket> CreateBucketAsync(IJetStreamConnection connection, KeyValueConfig config)
    {
        KeyValueNames.RequireBucket(config.Bucket);
        bool expires = config.TimeToLive > TimeSpan.Zero;
        await connection.CreateStreamAsync(new StreamConfig
        {
            Name = KeyValueNames.Stream(config.Bucket),
            Subjects = [KeyValueNames.Subject(config.Bucket, ">")],
            Storage = config.Storage,
            Replicas = config.Replicas,
            MaxMessagesPerSubject = config.History,
            MaxAge = config.TimeToLive,
            DuplicateWindow = expires && config.TimeToLive < DefaultDuplicateWindow ? config.TimeToLive : DefaultDuplicateWindow,
            Discard = DiscardPolicy.New,
            AllowRollup = true,
            DenyDelete = true,
            AllowDirect = true,
        });
        return new KeyValueBucket(connection, config.Bucket);
    }

    /// <returns>Null when there is no such bucket.</returns>
    public static async ActorTask<IKeyValueBucket?> OpenAsync(IJetStreamConnection connection, string bucket)
    {
        KeyValueNames.RequireBucket(bucket);
        return await connection.GetStreamAsync(KeyValueNames.Stream(bucket)) is null ? null : new KeyValueBucket(connection, bucket);
    }

    /// <summary>The bucket of that name, whether it is there or not: whoever uses it will see.</summary>
    public static IKeyValueBucket Use(IJetStreamConnection connection, string bucket)
    {
        KeyValueNames.RequireBucket(bucket);
        return new KeyValueBucket(connection, bucket);
    }

    /// <returns>False when there was none.</returns>
    public static ActorTask<bool> DeleteBucketAsync(IJetStreamConnection connection, string bucket)
    {
        KeyValueNames.RequireBucket(bucket);
        return connection.DeleteStreamAsync(KeyValueNames.Stream(bucket));
    }
}
