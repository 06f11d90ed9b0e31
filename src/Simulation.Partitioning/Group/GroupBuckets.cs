using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Partitioning;

/// <summary>The key-value bucket over which a group finds itself: <c>&lt;prefix&gt;_group</c>.</summary>
public static class GroupBuckets
{
    public static string NameOf(string prefix) => $"{prefix}_group";

    /// <summary>Makes the bucket of a new group, before any member joins.</summary>
    /// <param name="connection">Whose participant uses it.</param>
    /// <param name="prefix">Letters, digits, <c>_</c> and <c>-</c>; two groups on one server differ in it.</param>
    /// <param name="replicas">As the stream's.</param>
    public static async ActorTask FoundAsync(IJetStreamConnection connection, string prefix, int replicas = 1)
    {
        IKeyValueBucket bucket = await CreateAsync(connection, prefix, replicas);
        KeyValueOutcome marked = await bucket.PutAsync(GroupKeys.Founded, default);
        if (!marked.IsDone)
        {
            throw new JetStreamUnavailableException($"The bucket {bucket.Bucket} could not be marked as new: {marked.Result} {marked.Text}");
        }
    }

    /// <returns>Null when there is none.</returns>
    public static ActorTask<IKeyValueBucket?> OpenAsync(IJetStreamConnection connection, string prefix) =>
        KeyValueStore.OpenAsync(connection, NameOf(prefix));

    /// <summary>Makes the bucket, or opens the one that is there.</summary>
    internal static ActorTask<IKeyValueBucket> CreateAsync(IJetStreamConnection connection, string prefix, int replicas = 1) =>
        KeyValueStore.CreateBucketAsync(connection, new KeyValueConfig(NameOf(prefix)) { Replicas = replicas });

    /// <returns>False when there was none.</returns>
    public static ActorTask<bool> DeleteAsync(IJetStreamConnection connection, string prefix) =>
        KeyValueStore.DeleteBucketAsync(connection, NameOf(prefix));

    /// <returns>The assignment in force; null before the first.</returns>
    public static async ActorTask<AssignmentDocument?> ReadAssignmentAsync(IKeyValueBucket bucket) =>
        await bucket.GetAsync(GroupKeys.Assignment) is { } entry ? GroupCodec.DecodeAssignment(entry.Value.Span) : null;

    /// <returns>Who holds the leader's lease, and in which epoch; null when nobody does. It may have run out.</returns>
    public static async ActorTask<(MemberIdentity Member, long Epoch)?> ReadLeaderAsync(IKeyValueBucket bucket) =>
        await bucket.GetAsync(GroupKeys.Leader) is { } entry && GroupCodec.DecodeLeader(entry.Value.Span) is { Holder: { } holder } leader
            ? (holder, leader.Epoch)
            : null;

    /// <summary>Deletes a member's lease, as somebody does who does not know what it is.</summary>
    /// <returns>The revision of the lease; null when there was none.</returns>
    public static async ActorTask<ulong?> DeleteLeaseAsync(IKeyValueBucket bucket, MemberId member)
    {
        string key = GroupKeys.Member(member);
        bool isThere = await bucket.GetAsync(key) is { } entry && !GroupCodec.DecodeMember(entry.Value.Span).Ended;
        return isThere && await bucket.DeleteAsync(key) is { IsDone: true } deleted ? deleted.Revision : null;
    }

    /// <summary>Deletes the leader's lease in the same way. The leader keeps its own as a member.</summary>
    /// <returns>Who held it; null when nobody did.</returns>
    public static async ActorTask<(MemberIdentity Member, long Epoch)?> DeleteLeadershipAsync(IKeyValueBucket bucket) =>
        await ReadLeaderAsync(bucket) is { } leader && await bucket.DeleteAsync(GroupKeys.Leader) is { IsDone: true } ? leader : null;
}
