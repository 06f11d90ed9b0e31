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

    /// <summary>Starts the server again, a moment later, and waits until the connection is back.</summary>
    public static async ActorTask ComeBackAsync(this ModelWorld world, IActorContext context, IJetStreamConnection connection)
    {
        await context.Delay(TimeSpan.FromMilliseconds(10));
        world.Connector.StartServer();
        await connection.WhenConnectedAsync();
    }
}
