using System.Globalization;
using Simulation.Kernel;
using Simulation.Model;
using Simulation.Model.Tests;

namespace Simulation.JetStream.Tests.Contract;

/// <summary>The worlds in which every contract test runs here: the model of each server version, alone under several seeds, and as a cluster.</summary>
public static class ContractWorlds
{
    private const int Seeds = 3;

    private static readonly Dictionary<string, IContractWorld> Worlds = ModelVersions.All
        .SelectMany(version => Enumerable.Range(1, Seeds).Select(seed => new Modelled(version, (ulong)seed, servers: 1)).Append(new Modelled(version, 1, servers: 3)))
        .ToDictionary(world => world.Name, IContractWorld (world) => world);

    public static IEnumerable<string> Names => Worlds.Keys;

    public static Task<IContractWorld> OpenAsync(string name) => Task.FromResult(Worlds[name]);

    private sealed class Modelled(Version version, ulong seed, int servers) : IContractWorld
    {
        public string Name => string.Create(CultureInfo.InvariantCulture, $"model {version}, {servers} server(s), seed {seed}");

        public Version Version => version;

        public Task RunAsync(Func<IActorContext, IJetStreamConnection, ActorTask> body)
        {
            new ModelWorld(new ModelServerOptions { Version = version }, seed, servers: servers).Run(body);
            return Task.CompletedTask;
        }
    }
}
