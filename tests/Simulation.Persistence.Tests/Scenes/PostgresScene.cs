using Simulation.TestServers.Postgres;

namespace Simulation.Persistence.Tests.Scenes;

internal sealed class PostgresScene : SqlScene
{
    private static int s_last;

    private PostgresScene(string url)
        : base(new PostgresDialect(PostgresUrl.Parse(url))) => Url = url;

    public string Url { get; }

    /// <summary>A database of its own.</summary>
    public static async Task<PostgresScene> OnAsync(PostgresServer server)
    {
        string database = $"test_{Interlocked.Increment(ref s_last)}";
        await server.RunAsync("createdb", database);
        return new PostgresScene(server.UrlOf(database));
    }
}
