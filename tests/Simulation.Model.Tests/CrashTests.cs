using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Model.Tests;

public sealed class CrashTests
{
    private static readonly TimeSpan SyncInterval = TimeSpan.FromMinutes(2);

    [Fact]
    public void Kill_FileStream_KeepsEveryMessage() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync();
        await connection.SendManyAsync(100);

        world.Connector.KillServer();
        await world.ComeBackAsync(context, connection);

        Assert.Equal((100L, 100UL), ((await connection.StreamAsync()).Messages, (await connection.StreamAsync()).LastSequence));
    });

    [Fact]
    public void Kill_MemoryStream_IsGone() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync(Story.File with { Storage = StorageType.Memory });
        await connection.SendManyAsync(3);

        world.Connector.KillServer();
        await world.ComeBackAsync(context, connection);

        Assert.Null(await connection.GetStreamAsync(Story.Stream));
    });

    [Fact]
    public void Kill_JustAfterConfirmedAcknowledgements_DeliversThemAgain() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync();
        await connection.SendManyAsync(200);
        FetchResult first = await connection.TakeAsync(200);
        foreach (Delivery delivery in first.Deliveries)
        {
            Assert.Equal(AckOutcome.Confirmed, await delivery.AckConfirmedAsync());
        }

        world.Connector.KillServer();
        await world.ComeBackAsync(context, connection);

        Assert.Equal(200, (await connection.TakeAsync(200, TimeSpan.FromMinutes(1))).Deliveries.Length);
    });

    [Fact]
    public void Kill_AWhileAfterAcknowledgements_RemembersThem() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync();
        await connection.SendManyAsync(3);
        foreach (Delivery delivery in (await connection.TakeAsync(3)).Deliveries)
        {
            await delivery.AckConfirmedAsync();
        }

        await context.Delay(TimeSpan.FromSeconds(1));
        world.Connector.KillServer();
        await world.ComeBackAsync(context, connection);

        Assert.Empty((await connection.TakeAsync(3, TimeSpan.FromMinutes(1))).Deliveries);
        Assert.Equal(3UL, (await connection.ConsumerAsync()).AckFloorStreamSequence);
    });

    [Fact]
    public void LosePower_SinceTheLastSync_ForgetsAndGivesSequencesAwayAgain() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync();
        await connection.SendManyAsync(5);
        await context.Delay(SyncInterval);
        await connection.SendManyAsync(3);

        world.Connector.LoseServerPower();
        await world.ComeBackAsync(context, connection);

        Assert.Equal(5UL, (await connection.StreamAsync()).LastSequence);
        Assert.Equal(PublishOutcome.Acknowledged(Story.Stream, 6, duplicate: false), await connection.SendAsync("another"));
    });

    [Fact]
    public void LosePower_SyncAlways_ForgetsNothing() => InWorld(
        async (world, context, connection) =>
        {
            await connection.PrepareAsync();
            await connection.SendManyAsync(5);

            world.Connector.LoseServerPower();
            await world.ComeBackAsync(context, connection);

            Assert.Equal(5, (await connection.StreamAsync()).Messages);
        },
        new ModelServerOptions { SyncInterval = TimeSpan.Zero });

    [Fact]
    public void Kill_MessageIdOfAStoredMessage_IsStillKnown() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync();
        await connection.SendAsync("1", id: "x");

        world.Connector.KillServer();
        await world.ComeBackAsync(context, connection);

        Assert.True((await connection.SendAsync("1", id: "x")).Duplicate);
    });

    [Fact]
    public void Kill_MessageIdOfARemovedMessage_IsForgotten() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync(Story.File with { Retention = RetentionPolicy.WorkQueue });
        await connection.SendAsync("1", id: "x");
        await (await connection.TakeAsync(1)).Deliveries[0].AckConfirmedAsync();
        Assert.True((await connection.SendAsync("1", id: "x")).Duplicate);

        world.Connector.KillServer();
        await world.ComeBackAsync(context, connection);

        Assert.False((await connection.SendAsync("1", id: "x")).Duplicate);
    });

    [Fact]
    public void Kill_RequestsUnderWay_EndUnknownAndNothingHangs() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync();
        ActorTask<FetchResult> fetch = connection.TakeAsync(1, TimeSpan.FromMinutes(1));
        IPullSubscription pull = connection.Subscribe(Story.Stream, Story.Consumer, new PullOptions());
        await context.Delay(TimeSpan.FromMilliseconds(5));
        ActorTask<PublishOutcome> publish = connection.SendAsync("1");

        world.Connector.KillServer();

        Assert.Equal(PublishResult.Unknown, (await publish).Result);
        Assert.Equal(PullEnd.ConnectionLost, (await fetch).End);
        await world.ComeBackAsync(context, connection);
        Assert.True((await connection.SendAsync("2")).IsAcknowledged);
        Assert.NotNull((await pull.NextAsync()).Delivery);
        Assert.Equal(1, pull.Statistics.Reconnects);
    });

    [Fact]
    public void Connect_ServerIsDown_IsUnavailable() => InWorld(async (world, _, _) =>
    {
        world.Connector.KillServer();

        await Story.UnavailableAsync(world.Connector.ConnectAsync("late"));
        world.Connector.StartServer();
    });

    private static void InWorld(Func<ModelWorld, IActorContext, IJetStreamConnection, ActorTask> body, ModelServerOptions? options = null)
    {
        var world = new ModelWorld(options);
        world.Run((context, connection) => body(world, context, connection));
    }
}
