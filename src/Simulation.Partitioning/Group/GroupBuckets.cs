using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Partitioning;

/// <summary>The key-value bucket over which a group finds itself: <c>&lt;prefix&gt;_group</c>.</summary>
public static class GroupBuckets
{
    public static string NameOf(string prefix) => $"{prefix}_group";

    /// <summary>Makes the bucket, or opens the one that is there.</summary>
    /// <param name="connection">Whose participant uses it.</param>
    /// <param name="prefix">Letters, digits, <c>_</c> and <c>-</c>; two groups on one server differ in it.</param>
    /// <param name="replicas">As the stream's.</param>
    public static ActorTask<IKeyValueBucket> CreateAsync(IJetStreamConnection connection, string prefix, int replicas = 1) =>
        KeyValueStore.CreateBucketAsync(connection, new KeyValueConfig(NameOf(prefix)) { Replicas = replicas });

    /// <returns>False when there was none.</returns>
    public static ActorTask<bool> DeleteAsync(IJetStreamConnection connection, string prefix) =>
        KeyValueStore.DeleteBucketAsync(connection, NameOf(prefix));

    /// <returns>The assignment in force; null before the first.</returns>
    public static async ActorTask<AssignmentDocument?> ReadAssignmentAsync(IKeyValueBucket bucket) =>
        await bucket.GetAsync(GroupKeys.Assignment) is { } entry ? GroupCodec.DecodeAssignment(entry.Value.Span) : null;
}
