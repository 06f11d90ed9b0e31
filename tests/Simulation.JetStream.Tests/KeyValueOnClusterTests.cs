using System.Text;
using Simulation.Kernel;
using Simulation.Nats.Embedded;
using Simulation.TestServers;

namespace Simulation.JetStream.Tests;

/// <summary>Replicated buckets answer a lost race in another way than lone ones: refused before the winner is stored.</summary>
public sealed class KeyValueOnClusterTests : IDisposable
{
    private const int Contenders = 50;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Create_ByManyAtOnceOnThreeReplicas_IsDoneForOneAndAConflictForTheRest()
    {
        NatsServerBinary binary = await TestServerVersions.LocateAsync(TestServerVersions.V215);
        await using EmbeddedNatsCluster cluster = await EmbeddedNatsCluster.StartAsync(
            3, new EmbeddedNatsServerOptions { Binary = binary, Folder = _folder.Path });

        await ConnectedActor.RunAsync(cluster.Url, async (_, connection) =>
        {
            IKeyValueBucket bucket = await KeyValueStore.CreateBucketAsync(connection, new KeyValueConfig("leases") { Replicas = 3 });
            ActorTask<KeyValueOutcome>[] attempts =
                [.. Enumerable.Range(0, Contenders).Select(number => bucket.CreateAsync("leader", Encoding.UTF8.GetBytes($"{number}")))];
            var outcomes = new List<KeyValueOutcome>();
            foreach (ActorTask<KeyValueOutcome> attempt in attempts)
            {
                outcomes.Add(await attempt);
            }

            Assert.Single(outcomes, outcome => outcome.IsDone);
            Assert.All(outcomes.Where(outcome => !outcome.IsDone), outcome => Assert.Equal(KeyValueResult.Conflict, outcome.Result));
        });
    }
}
