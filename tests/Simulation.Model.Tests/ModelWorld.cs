using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Testing;

namespace Simulation.Model.Tests;

/// <summary>Modelled servers in a virtual world of their own.</summary>
internal sealed class ModelWorld
{
    private readonly RecordingLog _log = new();

    public ModelWorld(ModelServerOptions? options = null, ulong seed = 1, ModelNetworkOptions? network = null, int servers = 1)
    {
        Dispatcher = Dispatchers.Virtual(seed);
        System = ActorSystem.Create("test", Dispatcher, seed, _log);
        Server = servers == 1 ? new ModelServer(options ?? new ModelServerOptions()) : new ModelCluster(options ?? new ModelServerOptions(), servers);
        Connector = new ModelConnector(Server, System, network);
    }

    public VirtualDispatcher Dispatcher { get; }

    public ActorSystem System { get; }

    public ModelCluster Server { get; }

    public ModelConnector Connector { get; }

    /// <summary>Runs the body inside an actor, with a connection, to its end.</summary>
    public void Run(Func<IActorContext, IJetStreamConnection, ActorTask> body)
    {
        Dispatcher.Run(async context =>
        {
            IJetStreamConnection connection = await Connector.ConnectAsync("test");
            await body(context, connection);
            await connection.CloseAsync();
        });

        // What fails inside a callback of the network is only logged.
        Assert.DoesNotContain(_log.Entries, entry => entry.Level == LogLevel.Error);
    }
}
