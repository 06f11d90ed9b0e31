using Simulation.Kernel;
using Simulation.Nats.Embedded;
using Simulation.TestServers;

namespace Simulation.JetStream.Tests.Contract;

/// <summary>The worlds in which every contract test runs, by name.</summary>
public static class ContractWorlds
{
    public static IEnumerable<string> Names => TestServerVersions.Series.Select(version => $"nats-server {version}");

    /// <summary>Skips the test, with the reason, when this machine cannot have that world.</summary>
    public static async Task<IContractWorld> OpenAsync(string name) => new ServerWorld(await SharedTestServers.GetAsync(name.Split(' ')[1]));

    private sealed class ServerWorld(EmbeddedNatsServer server) : IContractWorld
    {
        public Version Version => server.Version;

        public Task RunAsync(Func<IActorContext, IJetStreamConnection, ActorTask> body) => ConnectedActor.RunAsync(server.Url, body);
    }
}
