using System.Text;
using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Model.Tests;

/// <summary>Shorthands for tests of what goes wrong: one stream S with subjects s.&gt; and one consumer c.</summary>
internal static class Story
{
    public const string Stream = "S";
    public const string Consumer = "c";

    public static readonly StreamConfig File = new() { Name = Stream, Subjects = ["s.>"] };

    public static async ActorTask PrepareAsync(this IJetStreamConnection connection, StreamConfig? stream = null, ConsumerConfig? consumer = null)
    {
        await connection.CreateStreamAsync(stream ?? File);
        await connection.CreateConsumerAsync(Stream, consumer ?? new ConsumerConfig { Name = Consumer });
    }

    public static ActorTask<PublishOutcome> SendAsync(this IJetStreamConnection connection, string text, string? id = null) =>
        connection.PublishAsync(new PublishMessage
        {
            Subject = "s.1"u8,
            Payload = Encoding.UTF8.GetBytes(text),
            MessageId = Encoding.UTF8.GetBytes(id ?? ""),
        });

    public static async ActorTask SendManyAsync(this IJetStreamConnection connection, int count)
    {
        for (int i = 1; i <= count; i++)
        {
            Assert.True((await connection.SendAsync($"{i}")).IsAcknowledged);
        }
    }

    public static ActorTask<FetchResult> TakeAsync(this IJetStreamConnection connection, int batch, TimeSpan? expires = null) =>
        connection.FetchAsync(Stream, Consumer, new FetchRequest(batch, expires ?? TimeSpan.FromSeconds(1)));

    public static async ActorTask<StreamInfo> StreamAsync(this IJetStreamConnection connection) =>
        await connection.GetStreamAsync(Stream) ?? throw new InvalidOperationException("There is no stream.");

    public static async ActorTask<ConsumerInfo> ConsumerAsync(this IJetStreamConnection connection) =>
        await connection.GetConsumerAsync(Stream, Consumer) ?? throw new InvalidOperationException("There is no consumer.");

    public static async ActorTask UnavailableAsync<T>(ActorTask<T> request)
    {
        JetStreamUnavailableException? refusal = null;
        try
        {
            await request;
        }
        catch (JetStreamUnavailableException error)
        {
            refusal = error;
        }

        Assert.NotNull(refusal);
    }

    public static async ActorTask<JetStreamApiException> RefusedAsync<T>(ActorTask<T> request)
    {
        try
        {
            await request;
        }
        catch (JetStreamApiException refusal)
        {
            return refusal;
        }

        throw new InvalidOperationException("It was not refused.");
    }

    /// <summary>Waits for a delivery as workers do: an end is followed by another try a second later.</summary>
    public static async ActorTask DeliversAsync(this IPullSubscription pull, IActorContext context)
    {
        while ((await pull.NextAsync()).Delivery is null)
        {
            await context.Delay(TimeSpan.FromSeconds(1));
            pull.Resume();
        }
    }

    /// <summary>The number of the server that leads the stream.</summary>
    public static int Leader(this ModelWorld world) =>
        world.Server.LeaderOf(Stream)?.Number ?? throw new InvalidOperationException("Nobody leads the stream.");

    /// <summary>Does it to every server, one shortly after the other.</summary>
    public static async ActorTask EachAsync(this ModelWorld world, IActorContext context, Func<int, ModelEffect> act)
    {
        foreach (ModelNode node in world.Server.Nodes)
        {
            act(node.Number);
            await context.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    /// <summary>A new connection to a server of one's choice.</summary>
    public static async ActorTask<IJetStreamConnection> ConnectToAsync(this ModelWorld world, Func<int, bool> isWanted)
    {
        while (true)
        {
            IJetStreamConnection connection = await world.Connector.ConnectAsync("chosen");
            if (isWanted(world.Server.Nodes.Single(node => node.Name == connection.Server.Name).Number))
            {
                return connection;
            }
        }
    }

    /// <summary>Starts the server again, a moment later, and waits until the connection is back.</summary>
    public static async ActorTask ComeBackAsync(this ModelWorld world, IActorContext context, IJetStreamConnection connection)
    {
        await context.Delay(TimeSpan.FromMilliseconds(10));
        world.Connector.StartServer();
        await connection.WhenConnectedAsync();
    }
}
