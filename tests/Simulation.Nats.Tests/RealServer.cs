using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats.Connection;
using Simulation.Nats.Embedded;
using Simulation.TestServers;

namespace Simulation.Nats.Tests;

/// <summary>A real server of a test's own, a world of actors, and connections between them.</summary>
internal sealed class RealServer : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ActorSystem _system = ActorSystem.Create("test", Dispatchers.Real(), seed: 1);
    private readonly List<NatsConnector> _connectors = [];

    private RealServer()
    {
    }

    public EmbeddedNatsServer Process { get; private set; } = null!;

    public static async Task<RealServer> StartAsync(string version = TestServerVersions.V215)
    {
        NatsServerBinary binary = await TestServerVersions.LocateAsync(version);
        var server = new RealServer();
        server.Process = await EmbeddedNatsServer.StartAsync(new EmbeddedNatsServerOptions { Binary = binary, Folder = Path.Combine(server._folder.Path, "server") });
        return server;
    }

    /// <summary>Runs the body in an actor, with a connection of the given options (by default to this server).</summary>
    public Task RunAsync(Func<IJetStreamConnection, IActorContext, ActorTask> body, NatsOptions? options = null, IActorRef? observer = null)
    {
        var connector = new NatsConnector(options ?? new NatsOptions { Url = Process.Url }, _system);
        _connectors.Add(connector);
        return _system.RunAsync(async context =>
        {
            IJetStreamConnection connection = await connector.ConnectAsync("test", observer);
            await body(connection, context);
            await connection.CloseAsync();
        });
    }

    public async Task KillAndRestartAsync()
    {
        await Process.KillAsync();
        await Process.RestartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _connectors.ForEach(connector => connector.Dispose());
        await _system.DisposeAsync();
        await Process.DisposeAsync();
        _folder.Dispose();
    }
}
