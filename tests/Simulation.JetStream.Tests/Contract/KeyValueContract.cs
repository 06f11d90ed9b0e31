using System.Collections.Immutable;
using System.Text;
using Simulation.Kernel;

namespace Simulation.JetStream.Tests.Contract;

public sealed class KeyValueContract : ContractTest
{
    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Create_Bucket_IsLaidOutAsEveryClientExpects(string world) => InBucketAsync(world, async (scene, _) =>
    {
        StreamConfig config = (await scene.JetStream.GetStreamAsync($"KV_{scene.Stream}"))!.Config;

        Assert.Equal([$"$KV.{scene.Stream}.>"], config.Subjects.ToArray());
        Assert.Equal((1L, DiscardPolicy.New, RetentionPolicy.Limits), (config.MaxMessagesPerSubject, config.Discard, config.Retention));
        Assert.True(config is { AllowRollup: true, DenyDelete: true, AllowDirect: true });
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromMinutes(2)), (config.MaxAge, config.DuplicateWindow));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Create_SameBucketAgain_OpensIt(string world) => InBucketAsync(world, async (scene, bucket) =>
    {
        await bucket.PutAsync("k", Bytes("1"));

        IKeyValueBucket again = await KeyValueStore.CreateBucketAsync(scene.JetStream, new KeyValueConfig(scene.Stream) { Storage = StorageType.Memory });
        IKeyValueBucket? opened = await KeyValueStore.OpenAsync(scene.JetStream, scene.Stream);

        Assert.Equal("1", Text(await again.GetAsync("k")));
        Assert.Equal("1", Text(await opened!.GetAsync("k")));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task OpenAndDelete_NoBucket_SayThatThereIsNone(string world) => InAsync(world, async scene =>
    {
        Assert.Null(await KeyValueStore.OpenAsync(scene.JetStream, scene.Stream));
        Assert.False(await KeyValueStore.DeleteBucketAsync(scene.JetStream, scene.Stream));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Put_ThenGet_GivesValueAndRevision(string world) => InBucketAsync(world, async (_, bucket) =>
    {
        KeyValueOutcome first = await bucket.PutAsync("a.b", Bytes("1"));
        KeyValueOutcome second = await bucket.PutAsync("a.b", Bytes(""));

        KeyValueEntry entry = (await bucket.GetAsync("a.b"))!;
        Assert.Equal((KeyValueResult.Done, 1UL), (first.Result, first.Revision));
        Assert.Equal(("a.b", "", second.Revision, KeyValueOperation.Put), (entry.Key, Text(entry), entry.Revision, entry.Operation));
        Assert.Null(await bucket.GetAsync("other"));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Put_BucketIsGone_IsRejected(string world) => InBucketAsync(world, async (scene, bucket) =>
    {
        await KeyValueStore.DeleteBucketAsync(scene.JetStream, scene.Stream);

        Assert.Equal(KeyValueResult.Rejected, (await bucket.PutAsync("k", Bytes("1"))).Result);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Put_ConnectionIsGone_IsUnknown(string world) => InBucketAsync(world, async (scene, bucket) =>
    {
        scene.JetStream.Abort();

        Assert.Equal(KeyValueResult.Unknown, (await bucket.PutAsync("k", Bytes("1"))).Result);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Create_LiveKey_IsAConflictThatNamesTheRevision(string world) => InBucketAsync(world, async (_, bucket) =>
    {
        KeyValueOutcome first = await bucket.CreateAsync("k", Bytes("1"));
        KeyValueOutcome second = await bucket.CreateAsync("k", Bytes("2"));

        Assert.True(first.IsDone);
        Assert.Equal((KeyValueResult.Conflict, first.Revision), (second.Result, second.Revision));
        Assert.Equal("1", Text(await bucket.GetAsync("k")));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Create_DeletedKey_Succeeds(string world) => InBucketAsync(world, async (_, bucket) =>
    {
        await bucket.PutAsync("deleted", Bytes("1"));
        await bucket.DeleteAsync("deleted");
        await bucket.PutAsync("purged", Bytes("1"));
        await bucket.PurgeAsync("purged");

        Assert.True((await bucket.CreateAsync("deleted", Bytes("2"))).IsDone);
        Assert.True((await bucket.CreateAsync("purged", Bytes("2"))).IsDone);
        Assert.Equal("2", Text(await bucket.GetAsync("deleted")));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Create_ByManyAtOnce_SucceedsForOne(string world) => InBucketAsync(world, async (_, bucket) =>
    {
        ActorTask<KeyValueOutcome>[] attempts = [.. Scene.Numbers(1, 10).Select(number => bucket.CreateAsync("k", Bytes(number)))];
        var outcomes = new List<KeyValueOutcome>();
        foreach (ActorTask<KeyValueOutcome> attempt in attempts)
        {
            outcomes.Add(await attempt);
        }

        Assert.Single(outcomes, outcome => outcome.IsDone);
        Assert.Equal(9, outcomes.Count(outcome => outcome.Result == KeyValueResult.Conflict));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Update_LatestRevisionOnly_IsDone(string world) => InBucketAsync(world, async (_, bucket) =>
    {
        ulong revision = (await bucket.PutAsync("k", Bytes("1"))).Revision;
        await bucket.PutAsync("other", Bytes("x"));

        KeyValueOutcome right = await bucket.UpdateAsync("k", Bytes("2"), revision);
        KeyValueOutcome stale = await bucket.UpdateAsync("k", Bytes("3"), revision);

        Assert.Equal((KeyValueResult.Done, KeyValueResult.Conflict), (right.Result, stale.Result));
        Assert.Equal("2", Text(await bucket.GetAsync("k")));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Delete_WithRevision_IsCompareAndSet(string world) => InBucketAsync(world, async (_, bucket) =>
    {
        ulong first = (await bucket.PutAsync("k", Bytes("1"))).Revision;
        ulong second = (await bucket.PutAsync("k", Bytes("2"))).Revision;

        KeyValueOutcome stale = await bucket.DeleteAsync("k", first);
        KeyValueEntry? kept = await bucket.GetAsync("k");
        KeyValueOutcome right = await bucket.DeleteAsync("k", second);

        Assert.Equal((KeyValueResult.Conflict, "2"), (stale.Result, Text(kept)));
        Assert.True(right.IsDone);
        Assert.Null(await bucket.GetAsync("k"));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Purge_KeyWithHistory_LeavesOnlyTheMarker(string world) => InBucketAsync(
        world,
        async (scene, bucket) =>
        {
            await bucket.PutAsync("k", Bytes("1"));
            await bucket.PutAsync("k", Bytes("2"));
            Assert.Equal(2, (await scene.JetStream.GetStreamAsync($"KV_{scene.Stream}"))!.Messages);

            await bucket.PurgeAsync("k");

            StoredMessage marker = (await scene.JetStream.GetLastMessageAsync($"KV_{scene.Stream}", $"$KV.{scene.Stream}.k"))!;
            Assert.Equal(("PURGE", "sub"), (marker.Header("KV-Operation"), marker.Header("Nats-Rollup")));
            Assert.Equal(1, (await scene.JetStream.GetStreamAsync($"KV_{scene.Stream}"))!.Messages);
        },
        config => config with { History = 5 });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task TimeToLive_Passes_KeyIsGoneAndCanBeCreated(string world) => InBucketAsync(
        world,
        async (scene, bucket) =>
        {
            await bucket.CreateAsync("k", Bytes("1"));

            await scene.EventuallyAsync(() => bucket.GetAsync("k"), entry => entry is null);

            Assert.True((await bucket.CreateAsync("k", Bytes("2"))).IsDone);
        },
        config => config with { TimeToLive = Scene.Soon });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task TimeToLive_LongerThanTheDuplicateWindow_IsTaken(string world) => InBucketAsync(
        world,
        async (scene, _) =>
        {
            StreamConfig config = (await scene.JetStream.GetStreamAsync($"KV_{scene.Stream}"))!.Config;
            Assert.Equal((TimeSpan.FromHours(1), TimeSpan.FromMinutes(2)), (config.MaxAge, config.DuplicateWindow));
        },
        config => config with { TimeToLive = TimeSpan.FromHours(1) });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Purge_OfOneKey_OldServersPassOverWhatIsUnreadOfTheOthers(string world) => InBucketAsync(world, async (scene, bucket) =>
    {
        string stream = $"KV_{bucket.Bucket}";
        await bucket.PutAsync("a", Bytes("1"));
        await bucket.PutAsync("b", Bytes("2"));
        await scene.JetStream.CreateConsumerAsync(stream, new ConsumerConfig { Name = "c", AckPolicy = AckPolicy.None });

        await bucket.PurgeAsync("a");
        await bucket.PutAsync("d", Bytes("3"));

        ulong[] expected = scene.Version < new Version(2, 10) ? [3, 4] : [2, 3, 4];
        FetchResult read = await scene.JetStream.FetchAsync(stream, "c", new FetchRequest(expected.Length, Scene.Patient));
        Assert.Equal(expected, read.Deliveries.Select(delivery => delivery.StreamSequence));
        Assert.Empty((await scene.JetStream.FetchAsync(stream, "c", new FetchRequest(10, Scene.Soon))).Deliveries);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Watch_EmptyBucket_GivesTheMarkAtOnce(string world) => InBucketAsync(world, async (_, bucket) =>
    {
        IKeyValueWatch watch = bucket.Watch();

        Assert.True((await watch.NextAsync()).IsCaughtUpMark);

        await bucket.PutAsync("k", Bytes("1"));
        Assert.Equal(("k", "1"), Told(await watch.NextAsync()));
        watch.Stop();
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Watch_BucketWithHistory_GivesLiveEntriesThenTheMarkThenChanges(string world) => InBucketAsync(
        world,
        async (_, bucket) =>
        {
            await bucket.PutAsync("a", Bytes("1"));
            await bucket.PutAsync("b", Bytes("2"));
            await bucket.PutAsync("a", Bytes("3"));
            await bucket.PutAsync("gone", Bytes("4"));
            await bucket.DeleteAsync("gone");
            IKeyValueWatch watch = bucket.Watch();

            Assert.Equal(("b", "2"), Told(await watch.NextAsync()));
            Assert.Equal(("a", "3"), Told(await watch.NextAsync()));
            Assert.True((await watch.NextAsync()).IsCaughtUpMark);
            await bucket.PutAsync("c", Bytes("5"));
            await bucket.DeleteAsync("a");
            await bucket.PurgeAsync("b");
            Assert.Equal(("c", "5"), Told(await watch.NextAsync()));
            Assert.Equal(("a", KeyValueOperation.Delete), Kind(await watch.NextAsync()));
            Assert.Equal(("b", KeyValueOperation.Purge), Kind(await watch.NextAsync()));
            watch.Stop();
        },
        config => config with { History = 5 });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Watch_Filtered_GivesOnlyKeysThatMatch(string world) => InBucketAsync(world, async (_, bucket) =>
    {
        await bucket.PutAsync("workers.1", Bytes("1"));
        await bucket.PutAsync("leader", Bytes("2"));
        IKeyValueWatch watch = bucket.Watch("workers.*");
        IKeyValueWatch none = bucket.Watch("nothing.>");

        Assert.Equal(("workers.1", "1"), Told(await watch.NextAsync()));
        Assert.True((await watch.NextAsync()).IsCaughtUpMark);
        Assert.True((await none.NextAsync()).IsCaughtUpMark);
        await bucket.PutAsync("leader", Bytes("3"));
        await bucket.PutAsync("workers.2", Bytes("4"));
        Assert.Equal(("workers.2", "4"), Told(await watch.NextAsync()));
        watch.Stop();
        none.Stop();
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Watch_ChangesDuringTheFirstRead_AreNeverMissed(string world) => InBucketAsync(world, async (_, bucket) =>
    {
        for (int i = 0; i < 50; i++)
        {
            await bucket.PutAsync($"k{i}", Bytes("old"));
        }

        IKeyValueWatch watch = bucket.Watch();
        var seen = new Dictionary<string, string>();
        for (int i = 0; i < 50; i++)
        {
            (string key, string value) = Told(await watch.NextAsync());
            seen[key] = value;
            await bucket.PutAsync($"k{49 - i}", Bytes("new"));
        }

        // The mark is somewhere in between; in the end each key's new value has come.
        while (seen.Values.Any(value => value == "old"))
        {
            KeyValueChange change = await watch.NextAsync();
            if (change.Entry is { } entry)
            {
                seen[entry.Key] = Text(entry);
            }
        }

        watch.Stop();
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Watch_DeletedDuringTheFirstRead_IsTold(string world) => InBucketAsync(world, async (_, bucket) =>
    {
        await bucket.PutAsync("a", Bytes("1"));
        await bucket.PutAsync("gone", Bytes("2"));
        await bucket.DeleteAsync("gone");
        await bucket.PutAsync("b", Bytes("3"));
        IKeyValueWatch watch = bucket.Watch();
        Assert.Equal(("a", "1"), Told(await watch.NextAsync()));

        await bucket.DeleteAsync("a");

        var later = new List<KeyValueChange>();
        while (later.All(change => change.Entry?.Operation != KeyValueOperation.Delete))
        {
            later.Add(await watch.NextAsync());
        }

        Assert.Equal(("a", KeyValueOperation.Delete), Kind(later[^1]));
        Assert.Single(later, change => change.IsCaughtUpMark);
        watch.Stop();
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Watch_FromItsBeginningOn_IsOneConsumer(string world) => InBucketAsync(world, async (scene, bucket) =>
    {
        await bucket.PutAsync("a", Bytes("1"));
        IKeyValueWatch watch = bucket.Watch();
        Assert.Equal(("a", "1"), Told(await watch.NextAsync()));
        ImmutableArray<ConsumerInfo> first = await scene.JetStream.ListConsumersAsync($"KV_{bucket.Bucket}");

        Assert.True((await watch.NextAsync()).IsCaughtUpMark);
        await bucket.PutAsync("a", Bytes("2"));
        Assert.Equal(("a", "2"), Told(await watch.NextAsync()));

        ImmutableArray<ConsumerInfo> later = await scene.JetStream.ListConsumersAsync($"KV_{bucket.Bucket}");
        Assert.Equal(Assert.Single(first).Config.Name, Assert.Single(later).Config.Name);
        watch.Stop();
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Watch_Stopped_SaysSoToAWaitingReader(string world) => InBucketAsync(world, async (_, bucket) =>
    {
        IKeyValueWatch watch = bucket.Watch();
        await watch.NextAsync();
        ActorTask<KeyValueChange> waiting = watch.NextAsync();

        watch.Stop();

        Assert.True((await waiting).Stopped);
        Assert.True((await watch.NextAsync()).Stopped);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Names_NotAllowed_AreRefusedBeforeTheyAreSent(string world) => InBucketAsync(world, async (scene, bucket) =>
    {
        foreach (string key in (string[])["", "a b", "a..b", ".a", "a.", "a.*", ">"])
        {
            await RefusesAsync(bucket.PutAsync(key, Bytes("1")));
            await RefusesAsync(bucket.GetAsync(key));
        }

        Assert.Throws<ArgumentException>(() => bucket.Watch("a.>.b"));
        await RefusesAsync(KeyValueStore.OpenAsync(scene.JetStream, "a.b"));
    });

    private static async ActorTask RefusesAsync<T>(ActorTask<T> call)
    {
        ArgumentException? refusal = null;
        try
        {
            await call;
        }
        catch (ArgumentException error)
        {
            refusal = error;
        }

        Assert.NotNull(refusal);
    }

    private static Task InBucketAsync(
        string world, Func<Scene, IKeyValueBucket, ActorTask> body, Func<KeyValueConfig, KeyValueConfig>? configure = null) => InAsync(world, async scene =>
        {
            var config = new KeyValueConfig(scene.Stream) { Storage = StorageType.Memory };
            IKeyValueBucket bucket = await KeyValueStore.CreateBucketAsync(scene.JetStream, configure?.Invoke(config) ?? config);
            await body(scene, bucket);
            if (scene.JetStream.State == ConnectionState.Connected)
            {
                await KeyValueStore.DeleteBucketAsync(scene.JetStream, scene.Stream);
            }
        });

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(KeyValueEntry? entry) => Encoding.UTF8.GetString(Assert.IsType<KeyValueEntry>(entry).Value.Span);

    private static (string Key, string Value) Told(KeyValueChange change) => (change.Entry!.Key, Text(change.Entry));

    private static (string Key, KeyValueOperation Operation) Kind(KeyValueChange change) => (change.Entry!.Key, change.Entry.Operation);
}
