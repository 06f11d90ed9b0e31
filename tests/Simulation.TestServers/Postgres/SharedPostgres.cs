namespace Simulation.TestServers.Postgres;

/// <summary>One server for a whole test process: started by the first test that asks, ended with the process. Tests keep to databases of their own.</summary>
public static class SharedPostgres
{
    private static readonly Lazy<Task<PostgresServer>> Server = new(PostgresServer.StartAsync);

    static SharedPostgres() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        if (Server is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true, Result: var server } })
        {
            server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    };

    /// <summary>Skips the test, with the reason, where there is no PostgreSQL.</summary>
    public static Task<PostgresServer> GetAsync() => Server.Value;
}
