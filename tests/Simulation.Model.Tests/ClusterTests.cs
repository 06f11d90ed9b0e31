using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Model.Tests;

public sealed class ClusterTests
{
    private const int Servers = 3;
    private static readonly TimeSpan LongestElection = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SyncInterval = TimeSpan.FromMinutes(2);
    private static readonly StreamConfig Replicated = Story.File with { Replicas = Servers };

    [Fact]
    public void CreateStream_MoreReplicasThanServers_IsRefused() => InWorld(async (_, _, connection) =>
    {
        JetStreamApiException refusal = await Story.RefusedAsync(connection.CreateStreamAsync(Replicated with { Replicas = 5 }));

        Assert.Equal(10005, refusal.ErrorCode);
    });

    [Fact]
    public void Kill_Leader_AnotherTakesOverAndNothingIsLost() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync(Replicated);
        await connection.SendManyAsync(50);
        int leader = world.Leader();

        world.Connector.KillServer(leader);
        await context.Delay(LongestElection);

        Assert.NotEqual(leader, world.Leader());
        await connection.WhenConnectedAsync();
        Assert.Equal(50, (await connection.StreamAsync()).Messages);
        Assert.Equal(51UL, (await connection.SendAsync("51")).Sequence);
    });

    [Fact]
    public void Kill_Leader_WhileNobodyLeadsPublishesFindNobody() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync(Replicated);
        world.Connector.KillServer(world.Leader());
        await context.Delay(TimeSpan.FromSeconds(1));
        await connection.WhenConnectedAsync();

        PublishOutcome outcome = await connection.SendAsync("1");

        Assert.Equal((PublishResult.Rejected, 503), (outcome.Result, outcome.ErrorCode));
    });

    [Fact]
    public void Kill_Leader_WhatWasConfirmedJustBeforeIsDeliveredAgain() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync(Replicated);
        await connection.SendManyAsync(20);
        foreach (Delivery delivery in (await connection.TakeAsync(20)).Deliveries)
        {
            Assert.Equal(AckOutcome.Confirmed, await delivery.AckConfirmedAsync());
        }

        world.Connector.KillServer(world.Leader());
        await context.Delay(LongestElection);
        await connection.WhenConnectedAsync();

        Assert.NotEmpty((await connection.TakeAsync(20, TimeSpan.FromMinutes(1))).Deliveries);
    });

    [Fact]
    public void Kill_TwoOfThree_NothingIsServedUntilOneIsBack() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync(Replicated);
        await connection.SendManyAsync(5);
        int leader = world.Leader();
        world.Connector.KillServer((leader + 1) % Servers);
        world.Connector.KillServer((leader + 2) % Servers);
        await context.Delay(TimeSpan.FromSeconds(3));
        await connection.WhenConnectedAsync();

        Assert.Equal(UnknownReason.Timeout, (await connection.SendAsync("lost in silence")).Reason);
        Assert.Equal(10008, (await Story.RefusedAsync(connection.ListStreamsAsync())).ErrorCode);

        world.Connector.StartServer((leader + 1) % Servers);
        await context.Delay(LongestElection);
        Assert.Equal(6UL, (await connection.SendAsync("6")).Sequence);
    });

    [Fact]
    public void LosePower_TwoOfThreeSinceTheLastSync_MayLoseWhatWasAcknowledged()
    {
        var kept = new SortedSet<long>();
        for (ulong seed = 1; seed <= 20; seed++)
        {
            InWorld(
                async (world, context, connection) =>
                {
                    await connection.PrepareAsync(Replicated);
                    await connection.SendManyAsync(5);
                    await context.Delay(SyncInterval);
                    await connection.SendManyAsync(3);
                    int leader = world.Leader();
                    world.Connector.LoseServerPower((leader + 1) % Servers);
                    world.Connector.LoseServerPower((leader + 2) % Servers);
                    await context.Delay(TimeSpan.FromSeconds(15));
                    world.Connector.StartServer((leader + 1) % Servers);
                    world.Connector.StartServer((leader + 2) % Servers);
                    await context.Delay(LongestElection);
                    await connection.WhenConnectedAsync();
                    kept.Add((await connection.StreamAsync()).Messages);
                },
                seed: seed);
        }

        // It depends on who stands first: the one who holds everything, or one of the two who agree on less.
        Assert.Equal([5L, 8L], kept);
    }

    [Fact]
    public void LosePower_One_LosesNothing() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync(Replicated);
        await connection.SendManyAsync(8);
        int leader = world.Leader();
        world.Connector.LoseServerPower(leader);
        await context.Delay(LongestElection);
        world.Connector.StartServer(leader);
        await context.Delay(LongestElection);
        await connection.WhenConnectedAsync();

        Assert.Equal(8, (await connection.StreamAsync()).Messages);
    });

    [Fact]
    public void LosePower_AllSyncAlways_LosesNothing() => InWorld(
        async (world, context, connection) =>
        {
            await connection.PrepareAsync(Replicated);
            await connection.SendManyAsync(8);
            await world.EachAsync(context, world.Connector.LoseServerPower);
            await world.EachAsync(context, world.Connector.StartServer);
            await context.Delay(LongestElection);
            await connection.WhenConnectedAsync();

            Assert.Equal(8, (await connection.StreamAsync()).Messages);
        },
        new ModelServerOptions { SyncInterval = TimeSpan.Zero });

    [Fact]
    public void Kill_AllWithAMemoryStream_ItIsEmpty() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync(Replicated with { Storage = StorageType.Memory });
        await connection.SendManyAsync(8);
        await world.EachAsync(context, world.Connector.KillServer);
        await world.EachAsync(context, world.Connector.StartServer);
        await context.Delay(LongestElection);
        await connection.WhenConnectedAsync();

        Assert.Equal((0L, 0UL), ((await connection.StreamAsync()).Messages, (await connection.StreamAsync()).LastSequence));
    });

    [Fact]
    public void Isolate_Leader_TheOthersGoOnAndItFollowsWhenItIsBack() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync(Replicated);
        await connection.SendManyAsync(5);
        int leader = world.Leader();
        IJetStreamConnection inside = await world.ConnectToAsync(server => server != leader);
        IJetStreamConnection outside = await world.ConnectToAsync(server => server == leader);

        world.Connector.IsolateServer(leader);
        await context.Delay(LongestElection);
        Assert.NotEqual(leader, world.Leader());
        Assert.Equal(6UL, (await inside.SendAsync("6")).Sequence);
        Assert.Equal(503, (await outside.SendAsync("nobody there")).ErrorCode);

        world.Connector.RejoinServer(leader);
        Assert.Equal(7UL, (await outside.SendAsync("7")).Sequence);
    });

    [Fact]
    public void Pause_Leader_AnotherTakesOver() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync(Replicated);
        await connection.SendManyAsync(5);
        int leader = world.Leader();
        IJetStreamConnection other = await world.ConnectToAsync(server => server != leader);

        world.Connector.PauseServer(leader);
        await context.Delay(LongestElection);
        Assert.Equal(6UL, (await other.SendAsync("6")).Sequence);

        world.Connector.ResumeServer(leader);
        Assert.Equal(7UL, (await other.SendAsync("7")).Sequence);
    });

    [Fact]
    public void StepDown_WhilePulling_AnotherLeadsAndThePullGoesOn() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync(Replicated);
        int leader = world.Leader();
        IPullSubscription pull = connection.Subscribe(Story.Stream, Story.Consumer, new PullOptions());
        await context.Delay(TimeSpan.FromSeconds(1));

        Assert.True(world.Connector.StepDown(Story.Stream));
        await context.Delay(TimeSpan.FromSeconds(1));

        Assert.NotEqual(leader, world.Leader());
        Assert.True((await connection.SendAsync("1")).IsAcknowledged);
        await pull.DeliversAsync(context);
        Assert.Equal(1, pull.Statistics.Conflicts);
    });

    [Fact]
    public void Kill_LeaderWhileAnotherServersClientPulls_ThePullNoticesTheSilenceAndGoesOn() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync(Replicated);
        int leader = world.Leader();
        IJetStreamConnection other = await world.ConnectToAsync(server => server != leader);
        IPullSubscription pull = other.Subscribe(Story.Stream, Story.Consumer, new PullOptions { Expires = TimeSpan.FromHours(1) });
        await context.Delay(TimeSpan.FromSeconds(1));

        world.Connector.KillServer(leader);
        await context.Delay(LongestElection);

        Assert.True((await other.SendAsync("1")).IsAcknowledged);
        await pull.DeliversAsync(context);
        Assert.Equal(0, pull.Statistics.Reconnects);
    });

    [Fact]
    public void Kill_ServerOfAnUnreplicatedStream_OnlyItIsAway() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync();
        await connection.CreateStreamAsync(new StreamConfig { Name = "ELSEWHERE", Subjects = ["e.>"] });
        int leader = world.Leader();
        IJetStreamConnection other = await world.ConnectToAsync(server => server != leader);

        world.Connector.KillServer(leader);

        Assert.Equal(503, (await other.SendAsync("1")).ErrorCode);
        Assert.NotNull(await other.GetStreamAsync("ELSEWHERE"));
        world.Connector.StartServer(leader);
        Assert.True((await other.SendAsync("1")).IsAcknowledged);
    });

    [Fact]
    public void Pause_LoneServer_RequestsWaitAndNothingIsForgotten()
    {
        var world = new ModelWorld();
        world.Run(async (context, connection) =>
        {
            await connection.PrepareAsync();
            world.Connector.PauseServer();
            ActorTask<PublishOutcome> publish = connection.SendAsync("1");
            await context.Delay(TimeSpan.FromSeconds(2));
            world.Connector.ResumeServer();

            Assert.True((await publish).IsAcknowledged);
            Assert.Single((await connection.TakeAsync(1)).Deliveries);
        });
    }

    private static void InWorld(
        Func<ModelWorld, IActorContext, IJetStreamConnection, ActorTask> body, ModelServerOptions? options = null, ulong seed = 1)
    {
        var world = new ModelWorld(options, seed, servers: Servers);
        world.Run((context, connection) => body(world, context, connection));
    }
}
