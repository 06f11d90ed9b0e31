using Simulation.TestServers.Postgres;

namespace Simulation.Persistence.Tests.Scenes;

/// <summary>One server for all test classes that name the collection, started by the first that asks.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    public const string Collection = "PostgreSQL";

    private readonly Lazy<Task<PostgresServer>> _server = new(PostgresServer.StartAsync);

    /// <summary>Skips the test, with the reason, where there is no PostgreSQL.</summary>
    public Task<PostgresServer> GetAsync() => _server.Value;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_server is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true, Result: var server } })
        {
            await server.DisposeAsync();
        }
    }
}

[CollectionDefinition(PostgresFixture.Collection)]
public sealed class PostgresTests : ICollectionFixture<PostgresFixture>;
