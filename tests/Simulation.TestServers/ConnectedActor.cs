using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats;
using Simulation.Nats.Connection;

namespace Simulation.TestServers;

/// <summary>Runs a test's body where awaits of the contract are allowed: inside an actor, with a connection of its own.</summary>
public static class ConnectedActor
{
    /// <summary>Ends a test that hangs; nothing that works takes nearly as long.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    public static async Task RunAsync(string url, Func<IActorContext, IJetStreamConnection, ActorTask> body)
    {
        await using var system = ActorSystem.Create("test", Dispatchers.Real(), seed: 1);
        using var connector = new NatsConnector(new NatsOptions { Url = url }, system);
        await system.RunAsync(async context =>
        {
            IJetStreamConnection connection = await connector.ConnectAsync("test");
            await body(context, connection);
            await connection.CloseAsync();
        }).WaitAsync(Bound);
    }
}
