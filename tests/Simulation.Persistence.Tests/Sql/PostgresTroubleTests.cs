using System.Data.Common;
using Npgsql;
using Simulation.Kernel;
using Simulation.Persistence.Tests.Scenes;
using Simulation.Testing;
using Simulation.TestServers.Postgres;

namespace Simulation.Persistence.Tests.Sql;

/// <summary>What may be wrong with a server.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class PostgresTroubleTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly TestKit _kit = TestKit.Real();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _kit.DisposeAsync();

    [SkippableFact]
    public async Task Open_DatabaseIsMissing_IsDenied()
    {
        PostgresServer server = await postgres.GetAsync();
        await AssertOpensWith(PersistenceProblem.Denied, server.UrlOf("nowhere"), "\"nowhere\" does not exist");
    }

    [SkippableFact]
    public async Task Open_UserIsUnknown_IsDeniedWithoutThePassword()
    {
        PostgresServer server = await postgres.GetAsync();
        await AssertOpensWith(PersistenceProblem.Denied, $"postgres://nobody:secret@127.0.0.1:{server.Port}/postgres", "role \"nobody\" does not exist");
    }

    [Fact]
    public async Task Open_NobodyListens_IsUnavailable() =>
        await AssertOpensWith(PersistenceProblem.Unavailable, "postgres://me:secret@127.0.0.1:1/db", "Is the server running");

    [SkippableFact]
    public async Task Connect_DatabaseThatDoesNotWaitForItsDisk_CommitsAreSynchronised()
    {
        await using PostgresScene scene = await PostgresScene.OnAsync(await postgres.GetAsync());
        using (DbConnection administrator = scene.Dialect.Connect())
        {
            administrator.Execute($"ALTER DATABASE {administrator.Database} SET synchronous_commit = off");
        }

        using DbConnection connection = scene.Dialect.Connect();
        Assert.Equal("on", connection.Scalar("SHOW synchronous_commit"));
    }

    [SkippableFact]
    public async Task Append_SomebodyHoldsTheTable_IsUnavailableUntilTheyLetGo()
    {
        await using PostgresScene scene = await PostgresScene.OnAsync(await postgres.GetAsync());
        NpgsqlConnectionStringBuilder impatient = PostgresUrl.Parse(scene.Url);
        impatient.CommandTimeout = 1;
        await using var store = new SqlStore(new PostgresDialect(impatient));
        await _kit.System.RunAsync(_ => store.OpenAsync());
        StoredRecord added = new("a", 1, DateTimeOffset.UnixEpoch, "added", 1, "{}");
        using (DbConnection other = scene.Dialect.Connect())
        {
            other.Execute("BEGIN; LOCK TABLE simulation_events");
            PersistenceException error = await Assert.ThrowsAsync<PersistenceException>(() => _kit.System.RunAsync(_ => store.AppendAsync([added])));
            Assert.True(error.IsTransient, error.Message);
        }

        await _kit.System.RunAsync(_ => store.AppendAsync([added]));
    }

    [SkippableFact]
    public async Task Open_SchemaOfANewerProgram_IsRefused()
    {
        await using PostgresScene scene = await PostgresScene.OnAsync(await postgres.GetAsync());
        await using (var newer = new SqlStore(scene.Dialect, SqlSchema.Current.Then("ALTER TABLE simulation_events ADD COLUMN note TEXT")))
        {
            await _kit.System.RunAsync(_ => newer.OpenAsync());
        }

        await AssertOpensWith(PersistenceProblem.Unknown, scene.Url, "has schema version 2; this program knows it up to version 1");
    }

    [SkippableFact]
    public async Task Open_SeveralAtOnceOnAnEmptyDatabase_OneMakesTheTables()
    {
        await using PostgresScene scene = await PostgresScene.OnAsync(await postgres.GetAsync());
        SqlStore[] stores = [.. Enumerable.Range(0, 4).Select(_ => new SqlStore(scene.Dialect))];
        await Task.WhenAll(stores.Select(store => _kit.System.RunAsync(_ => store.OpenAsync())));
        foreach (SqlStore store in stores)
        {
            await store.DisposeAsync();
        }
    }

    private async Task AssertOpensWith(PersistenceProblem problem, string url, string message)
    {
        await using SqlStore store = SqlStore.At(url);
        PersistenceException error = await Assert.ThrowsAsync<PersistenceException>(() => _kit.System.RunAsync(_ => store.OpenAsync()));
        Assert.Equal(problem, error.Problem);
        Assert.StartsWith(store.Location, error.Message);
        Assert.Contains(message, error.Message);
        Assert.DoesNotContain("secret", error.Message);
    }
}
