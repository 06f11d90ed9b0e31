using System.Text;
using Simulation.Kernel;

namespace Simulation.JetStream.Tests.Contract;

/// <summary>What a contract test works with: a connection, names that no other test uses, and shorthands.</summary>
public sealed class Scene(string name, Version version, IActorContext context, IJetStreamConnection connection)
{
    public static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);
    public static readonly TimeSpan Patient = TimeSpan.FromSeconds(20);

    public IActorContext Context => context;

    public IJetStreamConnection JetStream => connection;

    public Version Version => version;

    public bool HasSeveralFilters => version >= new Version(2, 10);

    /// <summary>The test's stream; also the first token of its subjects.</summary>
    public string Stream => name;

    public StreamConfig StreamConfig => new() { Name = name, Subjects = [$"{name}.>"], Storage = StorageType.Memory };

    public static ConsumerConfig Consumer(string consumer) => new() { Name = consumer };

    public string Subject(string rest) => $"{name}.{rest}";

    public ActorTask<StreamInfo> CreateStreamAsync() => connection.CreateStreamAsync(StreamConfig);

    public ActorTask<ConsumerInfo> CreateConsumerAsync(ConsumerConfig? config = null) => connection.CreateConsumerAsync(name, config ?? Consumer("c"));

    public async ActorTask<ConsumerInfo> ConsumerAsync(string consumer = "c") =>
        await connection.GetConsumerAsync(name, consumer) ?? throw new InvalidOperationException($"No consumer {consumer}.");

    /// <summary>A stream, a consumer <c>c</c> and <paramref name="messages"/> messages 1, 2, … on subject <c>s</c>, all of which the consumer knows of.</summary>
    public async ActorTask PrepareAsync(int messages, ConsumerConfig? config = null)
    {
        await CreateStreamAsync();
        await CreateConsumerAsync(config);
        await PublishManyAsync(messages);
        await PendingAsync(messages);
    }

    /// <summary>A consumer hears of a message a moment after its publisher got the acknowledgement: waits until it knows of so many.</summary>
    public ActorTask<ConsumerInfo> PendingAsync(int messages) => EventuallyAsync(() => ConsumerAsync(), info => info.Pending == messages);

    public ActorTask<PublishOutcome> PublishAsync(
        string rest, string payload, string? id = null, string headers = "", PublishExpectation? expectation = null) =>
        connection.PublishAsync(new PublishMessage
        {
            Subject = Encoding.UTF8.GetBytes(Subject(rest)),
            Payload = Encoding.UTF8.GetBytes(payload),
            MessageId = Encoding.UTF8.GetBytes(id ?? ""),
            Headers = Encoding.UTF8.GetBytes(headers),
            Expectation = expectation,
        });

    /// <summary>Publishes payloads 1, 2, … without waiting in between; all must be acknowledged.</summary>
    public async ActorTask PublishManyAsync(int count, string rest = "s", int first = 1)
    {
        var outcomes = new ActorTask<PublishOutcome>[count];
        for (int i = 0; i < count; i++)
        {
            outcomes[i] = PublishAsync(rest, $"{first + i}");
        }

        foreach (ActorTask<PublishOutcome> outcome in outcomes)
        {
            PublishOutcome settled = await outcome;
            Assert.True(settled.IsAcknowledged, $"{settled}");
        }
    }

    public ActorTask<FetchResult> FetchAsync(int batch, TimeSpan? expires = null, string consumer = "c") =>
        connection.FetchAsync(name, consumer, new FetchRequest(batch, expires ?? Patient));

    public ActorTask<FetchResult> FetchNowAsync(int batch, string consumer = "c") =>
        connection.FetchAsync(name, consumer, new FetchRequest(batch, TimeSpan.Zero, NoWait: true));

    /// <summary>Fetches exactly one delivery.</summary>
    public async ActorTask<Delivery> FetchOneAsync(string consumer = "c")
    {
        FetchResult result = await FetchAsync(1, consumer: consumer);
        return Assert.Single(result.Deliveries);
    }

    /// <summary>Asks again until <paramref name="holds"/>: for what a server does a little later than it answers.</summary>
    public async ActorTask<T> EventuallyAsync<T>(Func<ActorTask<T>> ask, Predicate<T> holds)
    {
        TimeSpan end = context.Uptime + Patient;
        while (true)
        {
            T answer = await ask();
            if (holds(answer))
            {
                return answer;
            }

            Assert.True(context.Uptime < end, $"It never came to hold; the last answer was {answer}.");
            await context.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    public static string Text(Delivery delivery) => Encoding.UTF8.GetString(delivery.Payload);

    public static string Text(StoredMessage message) => Encoding.UTF8.GetString(message.Payload.Span);

    public static string[] Texts(FetchResult result) => [.. result.Deliveries.Select(Text)];

    public static IEnumerable<string> Numbers(int first, int last) => Enumerable.Range(first, last - first + 1).Select(number => $"{number}");

    public static async ActorTask<JetStreamApiException> RefusedAsync<T>(ActorTask<T> request)
    {
        try
        {
            T answer = await request;
            throw new Xunit.Sdk.XunitException($"The request should have been refused, but was answered {answer}.");
        }
        catch (JetStreamApiException error)
        {
            return error;
        }
    }

    public async ActorTask CleanUpAsync()
    {
        if (connection.State == ConnectionState.Connected)
        {
            await connection.DeleteStreamAsync(name);
        }
    }
}
