using System.Text.Json;
using Simulation.Nats.Embedded;
using Simulation.TestServers;

namespace Simulation.Nats.Tests.Embedded;

public sealed class EmbeddedNatsClusterTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory, MemberData(nameof(TestServerVersions.All), MemberType = typeof(TestServerVersions))]
    public async Task StartAsync_Three_KeepAReplicatedStreamWhenOneIsKilled(string version)
    {
        await using EmbeddedNatsCluster cluster = await EmbeddedNatsCluster.StartAsync(3, await OptionsAsync(version));

        JsonElement created = await AskAsync(
            cluster.Servers[0], "$JS.API.STREAM.CREATE.KEPT", """{"name":"KEPT","subjects":["kept"],"storage":"file","num_replicas":3}""") ?? default;
        await cluster.Servers[0].KillAsync();

        Assert.Equal(3, cluster.Url.Split(',').Length);
        Assert.False(created.IsError(), created.ToString());
        JsonElement? info = null;
        while (info is not { } answer || answer.IsError())
        {
            info = await AskAsync(cluster.Servers[1], "$JS.API.STREAM.INFO.KEPT");
        }

        await cluster.Servers[0].RestartAsync();
        Assert.Equal(3, info.Value.GetProperty("config").GetProperty("num_replicas").GetInt32());
    }

    [SkippableFact]
    public async Task StartAsync_One_IsALoneServer()
    {
        await using EmbeddedNatsCluster cluster = await EmbeddedNatsCluster.StartAsync(1, await OptionsAsync(TestServerVersions.V210));

        Assert.Equal(cluster.Servers.Single().Url, cluster.Url);
    }

    private async Task<EmbeddedNatsServerOptions> OptionsAsync(string version) =>
        new() { Binary = await TestServerVersions.LocateAsync(version), Folder = Path.Combine(_folder.Path, version) };

    private static Task<JsonElement?> AskAsync(EmbeddedNatsServer server, string subject, string body = "") =>
        server.RequestAsync(subject, body, CancellationToken.None);
}
