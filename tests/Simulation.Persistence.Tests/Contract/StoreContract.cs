using System.Collections.Immutable;
using Simulation.Kernel;
using Simulation.Persistence.Tests.Scenes;

namespace Simulation.Persistence.Tests.Contract;

/// <summary>What holds of every store, whatever is behind it.</summary>
public abstract class StoreContract
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>An empty place; skips the test where it cannot be had.</summary>
    protected abstract Task<StoreScene> SetAsync();

    [SkippableFact]
    public Task Append_ThenRead_GivesTheSame() => OnSceneAsync(async store =>
    {
        ImmutableArray<StoredRecord> events =
        [
            Event(1) with { Json = """{"text":"“Ünïcödé” 🐘 'quotes' \\ \u0000"}""", At = Noon.AddTicks(1) },
            Event(2) with { Type = "other", Version = 7, Json = "line\nbreak" },
            Event(3) with { Json = new string('x', 1_000_000) },
        ];
        await store.AppendAsync(events);

        Assert.Equal<StoredRecord>(events, await store.ReadEventsAsync("a", 1, 10));
        Assert.Equal<StoredRecord>(events[1..2], await store.ReadEventsAsync("a", 2, 1));
        Assert.Empty(await store.ReadEventsAsync("a", 4, 10));
        Assert.Empty(await store.ReadEventsAsync("b", 1, 10));
    });

    [SkippableFact]
    public Task Append_OpenedAgain_EventsAreThere() => OnPlaceAsync(async scene =>
    {
        await using (IPersistenceStore store = scene.Open())
        {
            scene.Run(() => store.AppendAsync([Event(1), Event(2)]));
        }

        await using IPersistenceStore again = scene.Open();
        Assert.Equal<StoredRecord>([Event(1), Event(2)], scene.Run(() => again.ReadEventsAsync("a", 1, 10)));
    });

    [SkippableFact]
    public Task Append_StoreIsClosed_IsRefused() => OnPlaceAsync(async scene =>
    {
        IPersistenceStore store = scene.Open();
        scene.Kit.Await(store.DisposeAsync().AsTask());
        await store.DisposeAsync();

        scene.Run(() => AssertFailsAsync(PersistenceProblem.Refused, () => store.AppendAsync([Event(1)])));
    });

    [SkippableFact]
    public Task Dispose_CallsAreUnderWay_TheyAreDone() => OnPlaceAsync(async scene =>
    {
        IPersistenceStore store = scene.Open();
        scene.Run(() =>
        {
            for (int sequence = 1; sequence <= 10; sequence++)
            {
                _ = store.AppendAsync([Event(sequence)]);
            }

            return ActorTask.CompletedTask;
        });
        await store.DisposeAsync();
        scene.Kit.VirtualWorld?.RunFor(TimeSpan.FromSeconds(1));

        await using IPersistenceStore again = scene.Open();
        Assert.Equal(10, scene.Run(() => again.ReadEventsAsync("a", 1, 100)).Length);
    });

    [SkippableFact]
    public Task Append_TheSameAgain_IsDoneOnce() => OnSceneAsync(async store =>
    {
        await store.AppendAsync([Event(1), Event(2)]);
        await store.AppendAsync([Event(1), Event(2)]);
        await store.AppendAsync([Event(2), Event(3)]);

        Assert.Equal<StoredRecord>([Event(1), Event(2), Event(3)], await store.ReadEventsAsync("a", 1, 10));
    });

    [SkippableFact]
    public Task Append_OtherEventOfTheSameSequence_IsAConflictAndStoresNothing() => OnSceneAsync(async store =>
    {
        await store.AppendAsync([Event(2)]);

        await AssertFailsAsync(PersistenceProblem.Conflict, () => store.AppendAsync([Event(1), Event(2) with { Json = "{}" }]));
        Assert.Equal<StoredRecord>([Event(2)], await store.ReadEventsAsync("a", 1, 10));
    });

    [SkippableFact]
    public Task Append_EventOfAnotherProcess_IsAConflict() => OnPlaceAsync(async scene =>
    {
        await using IPersistenceStore one = scene.Open();
        await using IPersistenceStore other = scene.Open();
        scene.Run(() => one.AppendAsync([Event(1)]));

        scene.Run(() => AssertFailsAsync(PersistenceProblem.Conflict, () => other.AppendAsync([Event(1)])));
    });

    [SkippableFact]
    public Task Append_TwoProcessesWithIdsOfTheirOwn_DoNotDisturbEachOther() => OnPlaceAsync(async scene =>
    {
        await using IPersistenceStore one = scene.Open();
        await using IPersistenceStore other = scene.Open();
        scene.Run(async () =>
        {
            ActorTask[] calls = [.. Enumerable.Range(1, 20).SelectMany(sequence => new[] { one.AppendAsync([Event(sequence, "a")]), other.AppendAsync([Event(sequence, "b")]) })];
            foreach (ActorTask call in calls)
            {
                await call;
            }

            Assert.Equal(20, (await one.ReadEventsAsync("b", 1, 100)).Length);
            Assert.Equal(20, (await other.ReadEventsAsync("a", 1, 100)).Length);
        });
    });

    [SkippableFact]
    public Task DeleteEvents_UpToASequence_LaterOnesStay() => OnSceneAsync(async store =>
    {
        await store.AppendAsync([Event(1), Event(2), Event(3)]);
        await store.DeleteEventsAsync("a", 2);

        Assert.Equal<StoredRecord>([Event(3)], await store.ReadEventsAsync("a", 1, 10));
    });

    [SkippableFact]
    public Task DeleteEvents_All_TheNewestStays() => OnSceneAsync(async store =>
    {
        await store.AppendAsync([Event(1), Event(2), Event(3)]);
        await store.DeleteEventsAsync("a", 3);
        await store.DeleteEventsAsync("a", 99);
        await store.DeleteEventsAsync("none", 99);

        Assert.Equal<StoredRecord>([Event(3)], await store.ReadEventsAsync("a", 1, 10));
    });

    [SkippableFact]
    public Task SaveSnapshot_MoreThanToKeep_OldestGo() => OnSceneAsync(async store =>
    {
        Assert.Equal(1, await store.SaveSnapshotAsync(Snapshot(1), 2));
        Assert.Equal(1, await store.SaveSnapshotAsync(Snapshot(5), 2));
        Assert.Equal(5, await store.SaveSnapshotAsync(Snapshot(5, minute: 1), 2));
        Assert.Equal(5, await store.SaveSnapshotAsync(Snapshot(7), 2));

        Assert.Equal(Snapshot(7), (await store.ReadSnapshotAsync("a")).Snapshot);
        await store.DeleteSnapshotsAsync("a", 6);
        Assert.Equal(1, (await store.ListAsync())[0].Snapshots);
    });

    [SkippableFact]
    public Task SaveSnapshot_TheSameAgain_IsDoneOnce() => OnSceneAsync(async store =>
    {
        await store.SaveSnapshotAsync(Snapshot(1), 2);
        await store.SaveSnapshotAsync(Snapshot(2), 2);
        Assert.Equal(1, await store.SaveSnapshotAsync(Snapshot(2), 2));
    });

    [SkippableFact]
    public Task ReadSnapshot_None_IsNone() => OnSceneAsync(async store =>
    {
        SnapshotReading reading = await store.ReadSnapshotAsync("a");
        Assert.Null(reading.Snapshot);
        Assert.Empty(reading.Damaged);
    });

    [SkippableFact]
    public Task ReadSnapshot_NewestIsDamaged_GivesTheOneBefore() => OnPlaceAsync(async scene =>
    {
        await using IPersistenceStore store = scene.Open();
        scene.Run(async () =>
        {
            await store.SaveSnapshotAsync(Snapshot(1), 3);
            await store.SaveSnapshotAsync(Snapshot(2), 3);
        });
        scene.DamageNewestSnapshot("a");

        SnapshotReading reading = scene.Run(() => store.ReadSnapshotAsync("a"));
        Assert.Equal(Snapshot(1), reading.Snapshot);
        Assert.Equal<SnapshotDamaged>([new SnapshotDamaged(new SnapshotMetadata("a", 2, Noon), "its checksum is wrong")], reading.Damaged);
    });

    [SkippableFact]
    public Task ReadSnapshot_AllAreDamaged_GivesNone() => OnPlaceAsync(async scene =>
    {
        await using IPersistenceStore store = scene.Open();
        scene.Run(() => store.SaveSnapshotAsync(Snapshot(1), 3));
        scene.DamageNewestSnapshot("a");

        SnapshotReading reading = scene.Run(() => store.ReadSnapshotAsync("a"));
        Assert.Null(reading.Snapshot);
        Assert.Single(reading.Damaged);
    });

    [SkippableFact]
    public Task List_SeveralIds_SaysWhatThereIs() => OnSceneAsync(async store =>
    {
        await store.AppendAsync([Event(1, "b"), Event(2, "b")]);
        await store.SaveSnapshotAsync(Snapshot(2, minute: 3) with { PersistenceId = "b" }, 2);
        await store.SaveSnapshotAsync(Snapshot(4) with { PersistenceId = "B" }, 2);
        await store.AppendAsync([Event(1, "a")]);

        long length = Event(1).Json.Length;
        Assert.Equal<PersistenceSummary>(
            [
                new PersistenceSummary("B", 4, 0, 1, Noon, length),
                new PersistenceSummary("a", 1, 1, 0, Noon.AddSeconds(1), length),
                new PersistenceSummary("b", 2, 2, 1, Noon.AddMinutes(3), 3 * length),
            ],
            await store.ListAsync());
    });

    [SkippableFact]
    public Task Remove_OneOfTwo_TheOtherStays() => OnSceneAsync(async store =>
    {
        await store.AppendAsync([Event(1, "a"), Event(2, "a")]);
        await store.SaveSnapshotAsync(Snapshot(2), 2);
        await store.AppendAsync([Event(1, "b")]);
        await store.RemoveAsync("a");
        await store.RemoveAsync("none");

        Assert.Equal("b", Assert.Single(await store.ListAsync()).PersistenceId);
        Assert.Null((await store.ReadSnapshotAsync("a")).Snapshot);
    });

    [SkippableFact]
    public Task Calls_WithoutWaiting_AreDoneInTheirOrder() => OnSceneAsync(async store =>
    {
        ActorTask first = store.AppendAsync([Event(1)]);
        ActorTask second = store.AppendAsync([Event(2)]);
        ActorTask<ImmutableArray<StoredRecord>> between = store.ReadEventsAsync("a", 1, 10);
        ActorTask third = store.AppendAsync([Event(3)]);

        await first;
        await second;
        Assert.Equal<StoredRecord>([Event(1), Event(2)], await between);
        await third;
    });

    protected static StoredRecord Event(long sequence, string id = "a") =>
        new(id, sequence, Noon.AddSeconds(sequence), "added", 1, """{"amount":1}""");

    protected static StoredRecord Snapshot(long sequence, int minute = 0) => new("a", sequence, Noon.AddMinutes(minute), "counter", 1, """{"amount":1}""");

    protected static async ActorTask AssertFailsAsync(PersistenceProblem problem, Func<ActorTask> call)
    {
        PersistenceProblem? found = null;
        try
        {
            await call();
        }
        catch (PersistenceException error)
        {
            found = error.Problem;
        }

        Assert.Equal(problem, found);
    }

    private async Task OnPlaceAsync(Func<StoreScene, Task> test)
    {
        await using StoreScene scene = await SetAsync();
        await test(scene);
    }

    private Task OnSceneAsync(Func<IPersistenceStore, ActorTask> test) => OnPlaceAsync(async scene =>
    {
        await using IPersistenceStore store = scene.Open();
        scene.Run(() => test(store));
    });
}
