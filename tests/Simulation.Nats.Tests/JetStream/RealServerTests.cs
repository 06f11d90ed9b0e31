using System.Text;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.TestServers;

namespace Simulation.Nats.Tests.JetStream;

/// <summary>What only this client promises, against every supported server. The contract's own suite is in Simulation.JetStream.Tests.</summary>
public sealed class RealServerTests
{
    public static IEnumerable<object[]> Versions => TestServerVersions.All;

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public async Task PublishPullAck_AThousand_EachOnceInOrder(string version)
    {
        await using RealServer server = await RealServer.StartAsync(version);
        await server.RunAsync(async (connection, _) =>
        {
            await connection.CreateStreamAsync(new StreamConfig { Name = "S", Subjects = ["s.>"] });
            await connection.CreateConsumerAsync("S", new ConsumerConfig { Name = "c", FilterSubjects = ["s.>"] });
            const int count = 1000;
            var publishes = new List<ActorTask<PublishOutcome>>();
            for (int i = 0; i < count; i++)
            {
                publishes.Add(connection.PublishAsync(new PublishMessage
                {
                    Subject = Encoding.UTF8.GetBytes($"s.{i % 7}"),
                    Payload = BitConverter.GetBytes(i),
                    MessageId = Encoding.UTF8.GetBytes($"id{i}"),
                }));
            }

            for (int i = 0; i < count; i++)
            {
                Assert.Equal(PublishOutcome.Acknowledged("S", (ulong)i + 1, duplicate: false), await publishes[i]);
            }

            PublishOutcome again = await connection.PublishAsync(new PublishMessage { Subject = "s.1"u8, MessageId = "id0"u8 });
            Assert.Equal((true, 1UL), (again.Duplicate, again.Sequence));

            IPullSubscription pull = connection.Subscribe("S", "c", new PullOptions());
            for (int i = 0; i < count; i++)
            {
                PullItem item = await pull.NextAsync();
                using Delivery delivery = item.Delivery!;
                Assert.Equal(i, BitConverter.ToInt32(delivery.Payload));
                Assert.Equal($"s.{i % 7}", delivery.Subject);
                Assert.Equal(((ulong)i + 1, (ulong)i + 1, 1), (delivery.StreamSequence, delivery.ConsumerSequence, delivery.DeliveryCount));
                if (i < count - 1)
                {
                    delivery.Ack();
                }
                else
                {
                    // Acknowledgements are handled in order: once the last is confirmed, all are done.
                    Assert.Equal(AckOutcome.Confirmed, await delivery.AckConfirmedAsync());
                }
            }

            await pull.StopAsync();
            Assert.Equal(PullEnd.Stopped, (await pull.NextAsync()).End);
            ConsumerInfo? info = await connection.GetConsumerAsync("S", "c");
            Assert.Equal((0L, 1000UL), (info!.AckPending, info.AckFloorStreamSequence));
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public async Task ReadStream_WithHolesFilterAndPurge_EndsAtTheLastMessage(string version)
    {
        await using RealServer server = await RealServer.StartAsync(version);
        await server.RunAsync(async (connection, _) =>
        {
            await connection.CreateStreamAsync(new StreamConfig { Name = "S", Subjects = ["s.>"] });
            for (int i = 1; i <= 600; i++)
            {
                await connection.PublishAsync(new PublishMessage { Subject = i % 2 == 0 ? "s.even"u8 : "s.odd"u8, Payload = BitConverter.GetBytes(i) });
            }

            Assert.True(await connection.DeleteMessageAsync("S", 600));
            Assert.False(await connection.DeleteMessageAsync("S", 600));
            Assert.Null(await connection.GetMessageAsync("S", 600));
            await connection.PurgeStreamAsync("S", "s.odd");

            var even = new List<ulong>();
            IStreamReader reader = connection.ReadStream("S", new StreamReadOptions { SubjectFilter = "s.even", BatchSize = 50 });
            while (await reader.NextAsync() is { } message)
            {
                even.Add(message.Sequence);
            }

            Assert.Equal(Enumerable.Range(1, 299).Select(i => (ulong)i * 2), even);
            Assert.Null(await connection.ReadStream("S", new StreamReadOptions { SubjectFilter = "s.odd" }).NextAsync());
            await connection.PurgeStreamAsync("S");
            Assert.Null(await connection.ReadStream("S", new StreamReadOptions()).NextAsync());
            Assert.Empty(await connection.ListConsumersAsync("S"));
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public async Task ReadStream_ConsumerDeletedMeanwhile_GoesOnBehindTheLast(string version)
    {
        await using RealServer server = await RealServer.StartAsync(version);
        await server.RunAsync(async (connection, _) =>
        {
            await connection.CreateStreamAsync(new StreamConfig { Name = "S", Subjects = ["s"] });
            for (int i = 1; i <= 100; i++)
            {
                await connection.PublishAsync(new PublishMessage { Subject = "s"u8 });
            }

            IStreamReader reader = connection.ReadStream("S", new StreamReadOptions { BatchSize = 10, Follow = true });
            for (ulong expected = 1; expected <= 150; expected++)
            {
                if (expected > 100)
                {
                    await connection.PublishAsync(new PublishMessage { Subject = "s"u8 });
                }

                Assert.Equal(expected, (await reader.NextAsync())!.Sequence);
                if (expected % 30 == 0)
                {
                    foreach (ConsumerInfo consumer in await connection.ListConsumersAsync("S"))
                    {
                        await connection.DeleteConsumerAsync("S", consumer.Config.Name);
                    }
                }
            }

            Assert.True(reader.CaughtUp);
            reader.Stop();
            Assert.Null(await reader.NextAsync());
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public async Task Fetch_NoWait_TellsWhyItEnded(string version)
    {
        await using RealServer server = await RealServer.StartAsync(version);
        await server.RunAsync(async (connection, _) =>
        {
            await connection.CreateStreamAsync(new StreamConfig { Name = "S", Subjects = ["s"] });
            await connection.CreateConsumerAsync("S", new ConsumerConfig { Name = "c", MaxAckPending = 3 });
            var noWait = new FetchRequest(2, TimeSpan.Zero, NoWait: true);

            Assert.Equal(PullEnd.NoMessages, (await connection.FetchAsync("S", "c", noWait)).End);
            Assert.Equal(PullEnd.Expired, (await connection.FetchAsync("S", "c", new FetchRequest(1, TimeSpan.FromMilliseconds(50)))).End);
            Assert.Equal(PullEnd.NoResponders, (await connection.FetchAsync("S", "other", noWait)).End);
            for (int i = 0; i < 5; i++)
            {
                await connection.PublishAsync(new PublishMessage { Subject = "s"u8 });
            }

            while ((await connection.GetConsumerAsync("S", "c"))!.Pending < 5)
            {
            }

            FetchResult two = await connection.FetchAsync("S", "c", noWait);
            Assert.Equal((2, PullEnd.Complete), (two.Deliveries.Length, two.End));
            FetchResult one = await connection.FetchAsync("S", "c", noWait with { Expires = TimeSpan.FromMilliseconds(500) });
            Assert.Single(one.Deliveries);
            Assert.Contains(one.End, new[] { PullEnd.TimedOut, PullEnd.Conflict, PullEnd.NoMessages, PullEnd.Expired });
            foreach (Delivery delivery in two.Deliveries.AddRange(one.Deliveries))
            {
                Assert.Equal(AckOutcome.Confirmed, await delivery.AckConfirmedAsync());
                delivery.Dispose();
            }

            FetchResult rest = await connection.FetchAsync("S", "c", new FetchRequest(10, TimeSpan.FromMilliseconds(100)));
            Assert.Equal((2, PullEnd.Expired), (rest.Deliveries.Length, rest.End));
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public async Task CreateConsumer_SeveralFilters_AreHonouredOrRefused(string version)
    {
        await using RealServer server = await RealServer.StartAsync(version);
        await server.RunAsync(async (connection, _) =>
        {
            await connection.CreateStreamAsync(new StreamConfig { Name = "S", Subjects = ["s.>"] });
            var config = new ConsumerConfig { Name = "c", FilterSubjects = ["s.a", "s.b"] };
            if (version == TestServerVersions.V29)
            {
                await ThrowsAsync<JetStreamApiException>(() => Ignore(connection.CreateConsumerAsync("S", config)));
                Assert.Null(await connection.GetConsumerAsync("S", "c"));
                return;
            }

            ConsumerInfo made = await connection.CreateConsumerAsync("S", config);
            Assert.Equal(["s.a", "s.b"], made.Config.FilterSubjects.Order());
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public async Task CreateAndUpdateConsumer_PresentOrAbsent_MeanTheSameOnEveryServer(string version)
    {
        await using RealServer server = await RealServer.StartAsync(version);
        await server.RunAsync(async (connection, _) =>
        {
            await connection.CreateStreamAsync(new StreamConfig { Name = "S", Subjects = ["s.>"] });
            var config = new ConsumerConfig { Name = "c", FilterSubjects = ["s.a"] };
            await ThrowsAsync<JetStreamApiException>(() => Ignore(connection.UpdateConsumerAsync("S", config)));
            await connection.CreateConsumerAsync("S", config);
            await connection.CreateConsumerAsync("S", config);
            await ThrowsAsync<JetStreamApiException>(() => Ignore(connection.CreateConsumerAsync("S", config with { MaxAckPending = 7 })));
            ConsumerInfo updated = await connection.UpdateConsumerAsync("S", config with { MaxAckPending = 7, FilterSubjects = ["s.b"] });
            Assert.Equal((7, "s.b"), (updated.Config.MaxAckPending, updated.Config.FilterSubjects.Single()));
            Assert.True(await connection.DeleteConsumerAsync("S", "c"));
            Assert.False(await connection.DeleteConsumerAsync("S", "c"));
        });
    }

    [SkippableFact]
    public async Task ListConsumers_MoreThanAPage_GivesAll()
    {
        await using RealServer server = await RealServer.StartAsync();
        await server.RunAsync(async (connection, _) =>
        {
            await connection.CreateStreamAsync(new StreamConfig { Name = "S", Subjects = ["s"], Storage = StorageType.Memory });
            for (int i = 0; i < 300; i++)
            {
                await connection.CreateConsumerAsync("S", new ConsumerConfig { Name = $"c{i}" });
            }

            Assert.Equal(300, (await connection.ListConsumersAsync("S")).Select(consumer => consumer.Config.Name).Distinct().Count());
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public async Task Subscribe_PullsExpireOrConsumerGoes_GoesOnOrAsks(string version)
    {
        await using RealServer server = await RealServer.StartAsync(version);
        await server.RunAsync(async (connection, context) =>
        {
            await connection.CreateStreamAsync(new StreamConfig { Name = "S", Subjects = ["s"] });
            await connection.CreateConsumerAsync("S", new ConsumerConfig { Name = "c" });
            IPullSubscription pull = connection.Subscribe("S", "c", new PullOptions { Outstanding = 4, Expires = TimeSpan.FromMilliseconds(100) });
            while (pull.Statistics.Expired < 3)
            {
                await context.Delay(TimeSpan.FromMilliseconds(10));
            }

            for (int i = 0; i < 20; i++)
            {
                await connection.PublishAsync(new PublishMessage { Subject = "s"u8 });
                using Delivery delivery = (await pull.NextAsync()).Delivery!;
                Assert.Equal((ulong)i + 1, delivery.StreamSequence);
                delivery.Ack();
            }

            await connection.DeleteConsumerAsync("S", "c");
            Assert.Equal(PullEnd.ConsumerDeleted, (await pull.NextAsync()).End);
            await connection.CreateConsumerAsync("S", new ConsumerConfig { Name = "c" });
            pull.Resume();
            Assert.NotNull((await pull.NextAsync()).Delivery);

            IPullSubscription absent = connection.Subscribe("S", "absent", new PullOptions { Expires = TimeSpan.FromMilliseconds(200) });
            Assert.Equal(PullEnd.NoResponders, (await absent.NextAsync()).End);
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public async Task Subscribe_ServerKilledAndBack_GoesOnByItself(string version)
    {
        await using RealServer server = await RealServer.StartAsync(version);
        await server.RunAsync(async (connection, _) =>
        {
            await connection.CreateStreamAsync(new StreamConfig { Name = "S", Subjects = ["s"] });
            await connection.CreateConsumerAsync("S", new ConsumerConfig { Name = "c" });
            IPullSubscription pull = connection.Subscribe("S", "c", new PullOptions());
            IStreamReader reader = connection.ReadStream("S", new StreamReadOptions { Follow = true });
            await connection.PublishAsync(new PublishMessage { Subject = "s"u8 });
            Assert.Equal(1UL, (await pull.NextAsync()).Delivery!.StreamSequence);
            Assert.Equal(1UL, (await reader.NextAsync())!.Sequence);

            await FromTask(server.KillAndRestartAsync);
            await connection.WhenConnectedAsync();
            PublishOutcome outcome;
            do
            {
                outcome = await connection.PublishAsync(new PublishMessage { Subject = "s"u8, MessageId = "second"u8, Timeout = TimeSpan.FromSeconds(1) });
            }
            while (!outcome.IsAcknowledged);

            ulong delivered;
            do
            {
                // A server that is killed may have forgotten what it had delivered.
                delivered = (await pull.NextAsync()).Delivery!.StreamSequence;
            }
            while (delivered == 1);

            Assert.Equal(2UL, delivered);
            Assert.Equal(2UL, (await reader.NextAsync())!.Sequence);
            Assert.True(pull.Statistics.Reconnects >= 1);
            reader.Stop();
        });
    }

    /// <summary>Work outside the world of actors, awaited inside.</summary>
    private static ActorTask<bool> FromTask(Func<Task> work)
    {
        Promise<bool> promise = Promise<bool>.Rent();
        _ = Task.Run(async () =>
        {
            try
            {
                await work();
                promise.TrySetResult(true);
            }
            catch (Exception error)
            {
                promise.TrySetException(error);
            }
        });
        return promise.Task;
    }

    private static async ActorTask ThrowsAsync<TError>(Func<ActorTask> action)
        where TError : Exception
    {
        try
        {
            await action();
        }
        catch (TError)
        {
            return;
        }

        Assert.Fail($"{typeof(TError).Name} was expected.");
    }

    private static async ActorTask Ignore<T>(ActorTask<T> task) => await task;
}
