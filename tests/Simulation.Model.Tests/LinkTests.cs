using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Model.Tests;

public sealed class LinkTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongerThanPings = TimeSpan.FromMinutes(1);

    [Fact]
    public void Cut_PublishUnderWay_IsUnknownAndMayBeStored() => InWorld(async (link, context, connection) =>
    {
        await connection.PrepareAsync();
        var stored = new HashSet<long>();
        for (int i = 0; i < 50; i++)
        {
            await connection.PurgeStreamAsync(Story.Stream);
            ActorTask<PublishOutcome> publish = connection.SendAsync("1");
            await context.Delay(context.Random.Uniform(TimeSpan.Zero, TimeSpan.FromMicroseconds(200)));
            link.Cut();
            Assert.Equal(UnknownReason.ConnectionLost, (await publish).Reason);
            await connection.WhenConnectedAsync();
            stored.Add((await connection.StreamAsync()).Messages);
        }

        Assert.Equal([0L, 1L], stored.Order());
    });

    [Fact]
    public void Cut_WhileDisconnected_RequestsSaySo() => InWorld(async (link, _, connection) =>
    {
        link.Cut();

        Assert.Equal(ConnectionState.Reconnecting, connection.State);
        Assert.Equal(UnknownReason.NotConnected, (await connection.SendAsync("1")).Reason);
        await Story.UnavailableAsync(connection.ListStreamsAsync());
        await connection.WhenConnectedAsync();
    });

    [Fact]
    public void BytesPerSecond_SeveralPublishes_TakeTheirTimeOneAfterTheOther() => InWorld(async (link, context, connection) =>
    {
        const int Messages = 3;
        await connection.PrepareAsync();
        link.BytesPerSecond = 1000;
        TimeSpan begin = context.Uptime;
        ActorTask<PublishOutcome>[] publishes = [.. Enumerable.Range(0, Messages).Select(_ => connection.SendAsync(new string('x', 1000)))];
        foreach (ActorTask<PublishOutcome> publish in publishes)
        {
            Assert.True((await publish).IsAcknowledged);
        }

        Assert.True(context.Uptime - begin >= Messages * TimeSpan.FromSeconds(1));
        Assert.True(link.Throttled > Messages * 1000);

        link.BytesPerSecond = null;
        begin = context.Uptime;
        await connection.SendAsync(new string('x', 1000));
        Assert.True(context.Uptime - begin < Moment);
    });

    [Fact]
    public void Partition_HealedSoon_OnlyDelays() => InWorld(async (link, context, connection) =>
    {
        await connection.PrepareAsync();
        link.Partition();
        TimeSpan begin = context.Uptime;
        ActorTask<PublishOutcome> publish = connection.SendAsync("1");
        await context.Delay(Moment);

        link.Heal();

        Assert.True((await publish).IsAcknowledged);
        Assert.True(context.Uptime - begin >= Moment);
        Assert.Equal(ConnectionState.Connected, connection.State);
    });

    [Fact]
    public void Partition_LongerThanThePings_LosesTheConnectionAndComesBackWhenHealed() => InWorld(async (link, context, connection) =>
    {
        await connection.PrepareAsync();
        link.Partition();
        Assert.Equal(UnknownReason.Timeout, (await connection.SendAsync("1")).Reason);
        await context.Delay(LongerThanPings);
        Assert.Equal(ConnectionState.Reconnecting, connection.State);

        link.Heal();
        await connection.WhenConnectedAsync();

        Assert.True((await connection.SendAsync("2")).IsAcknowledged);
    });

    [Fact]
    public void HalfOpen_PullThatTheServerStillBelievesIn_SwallowsAMessageUntilItsAckWait() => InWorld(async (link, context, connection) =>
    {
        await connection.PrepareAsync();
        ActorTask<FetchResult> swallowing = connection.TakeAsync(1, TimeSpan.FromMinutes(1));
        await context.Delay(Moment);

        link.HalfOpen();

        Assert.Equal(PullEnd.ConnectionLost, (await swallowing).End);
        await connection.WhenConnectedAsync();
        await connection.SendAsync("1");
        Delivery delivery = Assert.Single((await connection.TakeAsync(1, TimeSpan.FromMinutes(1))).Deliveries);
        Assert.Equal(2, delivery.DeliveryCount);
    });

    /// <summary>Nobody acknowledges what a read gets: what vanishes on its way is read again, although nothing comes after it.</summary>
    [Fact]
    public void HalfOpen_ReadThatFollows_GetsWhatVanished()
    {
        var world = new ModelWorld();
        world.Run(async (context, connection) =>
        {
            await connection.PrepareAsync();
            IJetStreamConnection other = await world.Connector.ConnectAsync("other");
            IStreamReader reader = connection.ReadStream(Story.Stream, new StreamReadOptions { Follow = true });
            await other.SendAsync("1");
            Assert.Equal(1UL, (await reader.NextAsync())!.Sequence);
            ActorTask<StoredMessage?> next = reader.NextAsync();
            await context.Delay(Moment);

            world.Connector.Links[0].HalfOpen();
            await other.SendAsync("2");

            Assert.Equal(2UL, (await next)!.Sequence);
            reader.Stop();
            await other.CloseAsync();
        });
    }

    [Fact]
    public void Cut_PullThatWaits_IsForgottenByTheServer() => InWorld(async (link, context, connection) =>
    {
        await connection.PrepareAsync();
        ActorTask<FetchResult> waiting = connection.TakeAsync(1, TimeSpan.FromMinutes(1));
        await context.Delay(Moment);

        link.Cut();

        Assert.Equal(PullEnd.ConnectionLost, (await waiting).End);
        await connection.WhenConnectedAsync();
        Assert.Equal(0, (await connection.ConsumerAsync()).Waiting);
    });

    [Fact]
    public void Observer_ConnectionIsCut_HearsEveryChange()
    {
        var kit = Testing.TestKit.Virtual();
        Testing.TestProbe probe = kit.CreateTestProbe();
        var connector = new ModelConnector(new ModelServer(new ModelServerOptions()), kit.System);
        kit.Run(async context =>
        {
            IJetStreamConnection connection = await connector.ConnectAsync("observed", probe);
            connector.Links[0].Cut("on purpose");
            await connection.WhenConnectedAsync();
            await connection.CloseAsync();
        });

        Assert.Equal(
            [ConnectionState.Connected, ConnectionState.Reconnecting, ConnectionState.Connected, ConnectionState.Closed],
            Enumerable.Range(0, 4).Select(_ => probe.ExpectMsg<ConnectionStateChanged>().State));
    }

    [Fact]
    public void Run_SameSeed_IsTheSameToTheLastStep()
    {
        Assert.Equal(HashOf(seed: 7), HashOf(seed: 7));
        Assert.NotEqual(HashOf(seed: 7), HashOf(seed: 8));
    }

    private static ulong HashOf(ulong seed)
    {
        var world = new ModelWorld(seed: seed);
        world.Run(async (context, connection) =>
        {
            await connection.PrepareAsync();
            for (int i = 0; i < 20; i++)
            {
                ActorTask<PublishOutcome> publish = connection.SendAsync($"{i}");
                world.Connector.Links[0].Cut();
                await publish;
                await connection.WhenConnectedAsync();
            }
        });
        return world.Dispatcher.TraceHash;
    }

    private static void InWorld(Func<ModelLink, IActorContext, IJetStreamConnection, ActorTask> body)
    {
        var world = new ModelWorld();
        world.Run((context, connection) => body(world.Connector.Links[0], context, connection));
    }
}
