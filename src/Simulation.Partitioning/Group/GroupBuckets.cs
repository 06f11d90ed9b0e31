using System.Collections.Immutable;
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

    /// <summary>As <see cref="FoundAsync"/>, for a group whose former members are all dead, which whoever calls this knows. What they shared out stays.</summary>
    /// <param name="connection">Whose participant uses it.</param>
    /// <param name="prefix">Of the group.</param>
    /// <param name="replicas">As the stream's.</param>
    public static async ActorTask RefoundAsync(IJetStreamConnection connection, string prefix, int replicas = 1)
    {
        await FoundAsync(connection, prefix, replicas);
        await EndEverybodyAsync(KeyValueStore.Use(connection, NameOf(prefix)));
    }

    /// <summary>The leases of all members, and of their leader, are over, so that nobody waits for them to run out.</summary>
    internal static async ActorTask EndEverybodyAsync(IKeyValueBucket bucket)
    {
        foreach (string member in await KeysAsync(bucket, GroupKeys.MembersFilter))
        {
            await ReplaceAsync(bucket, member, value => GroupCodec.DecodeMember(value.Span) is { Ended: false } lease ? GroupCodec.Encode(lease with { Ended = true }) : null);
        }

        await ReplaceAsync(bucket, GroupKeys.Leader, value => GroupCodec.DecodeLeader(value.Span) is { Holder: not null } seat ? GroupCodec.Encode(seat with { Holder = null }) : null);
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

    private static async ActorTask<ImmutableArray<string>> KeysAsync(IKeyValueBucket bucket, string filter)
    {
        IKeyValueWatch watch = bucket.Watch(filter);
        try
        {
            ImmutableArray<string>.Builder keys = ImmutableArray.CreateBuilder<string>();
            while (await watch.NextAsync() is { Entry: { } entry })
            {
                keys.Add(entry.Key);
            }

            return keys.ToImmutable();
        }
        finally
        {
            watch.Stop();
        }
    }

    /// <summary>Until it is as it should be: what a dead member had sent may still arrive.</summary>
    /// <param name="bucket">In which.</param>
    /// <param name="key">What.</param>
    /// <param name="replacement">Of a value; null when it may stay.</param>
    private static async ActorTask ReplaceAsync(IKeyValueBucket bucket, string key, Func<ReadOnlyMemory<byte>, byte[]?> replacement)
    {
        while (await bucket.GetAsync(key) is { } entry && replacement(entry.Value) is { } value)
        {
            KeyValueOutcome outcome = await bucket.UpdateAsync(key, value, entry.Revision);
            if (outcome.Result == KeyValueResult.Rejected)
            {
                throw new JetStreamUnavailableException($"{key} in the bucket {bucket.Bucket} could not be ended: {outcome.Text}");
            }
        }
    }
}
