using Simulation.Nats.Embedded;

namespace Simulation.TestServers;

/// <summary>One running server of each version for a whole test process: started by the first test that asks, ended with the process. Tests keep to names of their own.</summary>
public static class SharedTestServers
{
    private static readonly Dictionary<string, Lazy<Task<EmbeddedNatsServer>>> Servers =
        TestServerVersions.Series.ToDictionary(version => version, version => new Lazy<Task<EmbeddedNatsServer>>(() => StartAsync(version)));

    static SharedTestServers() => AppDomain.CurrentDomain.ProcessExit += (_, _) => EndAll();

    /// <summary>Skips the test, with the reason, when this version cannot be had.</summary>
    public static Task<EmbeddedNatsServer> GetAsync(string version) => Servers[version].Value;

    private static async Task<EmbeddedNatsServer> StartAsync(string version)
    {
        NatsServerBinary binary = await TestServerVersions.LocateAsync(version);
        string folder = Directory.CreateTempSubdirectory($"simulation-test-server-{version}-").FullName;
        return await EmbeddedNatsServer.StartAsync(new EmbeddedNatsServerOptions { Binary = binary, Folder = folder });
    }

    private static void EndAll()
    {
        foreach (Lazy<Task<EmbeddedNatsServer>> started in Servers.Values)
        {
            if (started is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true, Result: var server } })
            {
                server.KillAsync().GetAwaiter().GetResult();
                Directory.Delete(Path.GetDirectoryName(server.ConfigFile)!, recursive: true);
            }
        }
    }
}
