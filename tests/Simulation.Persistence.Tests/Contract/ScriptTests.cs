using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Simulation.Kernel;
using Simulation.Persistence.Tests.Scenes;

namespace Simulation.Persistence.Tests.Contract;

/// <summary>Any sequence of calls is answered by all stores alike.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class ScriptTests(PostgresFixture postgres)
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [SkippableFact]
    public async Task AnyCalls_SqliteAndVirtual_AnswerAlike()
    {
        await using SqliteScene file = new();
        await using VirtualScene modelled = new();
        AssertAlike([file, modelled], scripts: 40);
    }

    [SkippableFact]
    public async Task AnyCalls_PostgresAndVirtual_AnswerAlike()
    {
        await using PostgresScene server = await PostgresScene.OnAsync(await postgres.GetAsync());
        await using VirtualScene modelled = new();
        AssertAlike([server, modelled], scripts: 25);
    }

    private static void AssertAlike(StoreScene[] scenes, int scripts)
    {
        int script = 0;
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ArrayOf().ToArbitrary(), numbers =>
        {
            string id = $"script-{++script}";
            string[] answers = [.. scenes.Select(scene => string.Join("\n", Play(scene, id, numbers)))];
            Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(scripts).WithStartSize(5).WithEndSize(40));
    }

    private static List<string> Play(StoreScene scene, string id, int[] numbers)
    {
        List<string> answers = [];
        IPersistenceStore store = scene.Open();
        foreach (int number in numbers)
        {
            answers.Add(scene.Run(() => DoAsync(number)));
        }

        Close(scene, store);
        return answers;

        async ActorTask<string> DoAsync(int number)
        {
            int kind = number % 9;
            int argument = number / 9 % 6;
            int other = number / 54 % 4;
            try
            {
                switch (kind)
                {
                    case 0 or 1 or 2:
                        await store.AppendAsync([.. Enumerable.Range(argument + 1, other + 1).Select(sequence => Event(sequence, kind))]);
                        return "appended";
                    case 3:
                        return $"events {string.Join(", ", await store.ReadEventsAsync(id, argument, other + 1))}";
                    case 4:
                        await store.DeleteEventsAsync(id, argument);
                        return "events deleted";
                    case 5:
                        return $"oldest {await store.SaveSnapshotAsync(Event(argument, kind) with { At = Noon.AddMinutes(other) }, 1 + (other % 3))}";
                    case 6:
                        SnapshotReading reading = await store.ReadSnapshotAsync(id);
                        return $"snapshot {reading.Snapshot}";
                    case 7:
                        await store.DeleteSnapshotsAsync(id, argument);
                        return "snapshots deleted";
                    default:
                        ImmutableArray<PersistenceSummary> all = await store.ListAsync();
                        return $"{all.SingleOrDefault(summary => summary.PersistenceId == id)}";
                }
            }
            catch (PersistenceException error)
            {
                return $"{error.Problem}";
            }
        }

        // The same number is the same event only if the kind is the same.
        StoredRecord Event(int sequence, int kind) => new(id, sequence, Noon.AddSeconds(sequence), "thing", 1 + kind, $$"""{"n":{{sequence}}}""");
    }

    private static void Close(StoreScene scene, IPersistenceStore store) => scene.Kit.Await(store.DisposeAsync().AsTask());
}
