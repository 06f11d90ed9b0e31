using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Partitioning;

/// <summary>
/// The group's bucket as a member uses it: when it is gone, it is made again. What was in it is lost; that is for the members to find out,
/// and in what was made anew they see that it is not the first.
/// </summary>
public sealed class GroupBucket(IJetStreamConnection connection, string prefix, int replicas = 1) : IKeyValueBucket
{
    private readonly IKeyValueBucket _bucket = KeyValueStore.Use(connection, GroupBuckets.NameOf(prefix));

    public string Bucket => _bucket.Bucket;

    /// <summary>Without a connection it waits for one: a member reads until it is answered, and asking meanwhile brings nothing but errors.</summary>
    public async ActorTask<KeyValueEntry?> GetAsync(string key)
    {
        await ConnectedAsync();
        try
        {
            return await _bucket.GetAsync(key);
        }
        catch (JetStreamException) when (connection.State == ConnectionState.Connected)
        {
            if (!await IsMadeAgainAsync())
            {
                throw;
            }

            return null;
        }
    }

    public ActorTask<KeyValueOutcome> PutAsync(string key, ReadOnlyMemory<byte> value) => _bucket.PutAsync(key, value);

    public ActorTask<KeyValueOutcome> CreateAsync(string key, ReadOnlyMemory<byte> value) => _bucket.CreateAsync(key, value);

    public ActorTask<KeyValueOutcome> UpdateAsync(string key, ReadOnlyMemory<byte> value, ulong revision) => _bucket.UpdateAsync(key, value, revision);

    public ActorTask<KeyValueOutcome> DeleteAsync(string key, ulong? revision = null) => _bucket.DeleteAsync(key, revision);

    public ActorTask<KeyValueOutcome> PurgeAsync(string key, ulong? revision = null) => _bucket.PurgeAsync(key, revision);

    public IKeyValueWatch Watch(string keyFilter = ">") => new RemakingWatch(this, _bucket.Watch(keyFilter));

    /// <returns>False when it was there all the time.</returns>
    private async ActorTask<bool> IsMadeAgainAsync()
    {
        if (await GroupBuckets.OpenAsync(connection, prefix) is not null)
        {
            return false;
        }

        await GroupBuckets.CreateAsync(connection, prefix, replicas);
        return true;
    }

    /// <summary>Without a connection there is nothing to be watched, and trying brings nothing but errors.</summary>
    private ActorTask ConnectedAsync() =>
        connection.State == ConnectionState.Connected ? ActorTask.CompletedTask : connection.WhenConnectedAsync();

    /// <summary>
    /// A watch of nothing fails and is begun anew by whoever watches; then there is something. Once it has shown what there was, it is out of
    /// the way: it would be one more await for every change, and what is gone later is found out by the next watch.
    /// </summary>
    private sealed class RemakingWatch(GroupBucket bucket, IKeyValueWatch watch) : IKeyValueWatch
    {
        private bool _hasBegun;

        public ActorTask<KeyValueChange> NextAsync() => _hasBegun ? watch.NextAsync() : NextExistingAsync();

        public void Stop() => watch.Stop();

        private async ActorTask<KeyValueChange> NextExistingAsync()
        {
            await bucket.ConnectedAsync();
            try
            {
                KeyValueChange change = await watch.NextAsync();
                _hasBegun = change.IsCaughtUpMark;
                return change;
            }
            catch (JetStreamApiException)
            {
                await bucket.IsMadeAgainAsync();
                throw;
            }
        }
    }
}
