using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Model.Tests;

public sealed class FaultTests
{
    private const int BigMessage = 1_000_000;
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    [Fact]
    public void DamageBlock_InTheMiddle_LosesTheRestOfThatBlock() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync();
        for (int i = 0; i < 20; i++)
        {
            await connection.PublishAsync(new PublishMessage { Subject = "s.1"u8, Payload = new byte[BigMessage] });
        }

        world.Connector.KillServer();
        ModelEffect effect = world.Connector.DamageBlock(0, Story.Stream, at: 0.1);
        await world.ComeBackAsync(context, connection);

        StreamInfo info = await connection.StreamAsync();
        Assert.InRange(effect.Count, 2, 8);
        Assert.Equal((20 - effect.Count, 20UL), (info.Messages, info.LastSequence));
        Assert.NotNull(await connection.GetMessageAsync(Story.Stream, 1));
        Assert.Null(await connection.GetMessageAsync(Story.Stream, 4));
        Assert.NotNull(await connection.GetMessageAsync(Story.Stream, 20));
    });

    [Fact]
    public void DamageBlock_TheLastOne_GivesSequencesAwayAgain() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync();
        await connection.SendManyAsync(10);

        world.Connector.KillServer();
        ModelEffect effect = world.Connector.DamageBlock(0, Story.Stream, at: 0.5);
        await world.ComeBackAsync(context, connection);

        Assert.Equal(5, effect.Count);
        Assert.Equal(6UL, (await connection.SendAsync("another")).Sequence);
    });

    [Fact]
    public void DamageBlock_OfAFollower_IsRepairedByTheLeader()
    {
        var world = new ModelWorld(servers: 3);
        world.Run(async (context, connection) =>
        {
            await connection.PrepareAsync(Story.File with { Replicas = 3 });
            await connection.SendManyAsync(10);
            int follower = (world.Leader() + 1) % 3;
            world.Connector.KillServer(follower);
            Assert.Equal(10, world.Connector.DamageBlock(follower, Story.Stream, at: 0).Count);
            world.Connector.StartServer(follower);
            world.Connector.KillServer(world.Leader());
            await context.Delay(TimeSpan.FromSeconds(10));
            await connection.WhenConnectedAsync();

            Assert.Equal(10, (await connection.StreamAsync()).Messages);
        });
    }

    [Fact]
    public void DamageBlock_WhileTheServerRuns_IsRefused() => InWorld(async (world, _, connection) =>
    {
        await connection.PrepareAsync();

        Assert.Throws<InvalidOperationException>(() => world.Connector.DamageBlock(0, Story.Stream, 0));
    });

    [Fact]
    public void DamageMeta_LoneServer_TheStreamIsGone() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync();
        await connection.SendManyAsync(3);

        world.Connector.KillServer();
        Assert.Equal(3, world.Connector.DamageMeta(0, Story.Stream).Count);
        await world.ComeBackAsync(context, connection);

        Assert.Null(await connection.GetStreamAsync(Story.Stream));
    });

    [Fact]
    public void DamageConsumers_AcknowledgedLongAgo_IsDeliveredAgain() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync();
        await connection.SendManyAsync(3);
        foreach (Delivery delivery in (await connection.TakeAsync(3)).Deliveries)
        {
            await delivery.AckConfirmedAsync();
        }

        await context.Delay(Moment);
        world.Connector.KillServer();
        Assert.Equal(1, world.Connector.DamageConsumers(0, Story.Stream).Count);
        await world.ComeBackAsync(context, connection);

        Assert.Equal(3, (await connection.TakeAsync(3)).Deliveries.Length);
    });

    [Fact]
    public void FillDisk_UntilFreed_PublishesAreRefusedAndCounted() => InWorld(async (world, _, connection) =>
    {
        await connection.PrepareAsync();
        world.Connector.FillDisk();

        PublishOutcome outcome = await connection.SendAsync("1");

        Assert.True(outcome.IsOutOfStorage);
        Assert.Equal(1, world.Connector.FreeDisk().Count);
        Assert.True((await connection.SendAsync("2")).IsAcknowledged);
    });

    [Fact]
    public void StopServer_JustAfterConfirmedAcknowledgements_RemembersThem() => InWorld(async (world, context, connection) =>
    {
        await connection.PrepareAsync();
        await connection.SendManyAsync(3);
        foreach (Delivery delivery in (await connection.TakeAsync(3)).Deliveries)
        {
            await delivery.AckConfirmedAsync();
        }

        Assert.Equal(1, world.Connector.StopServer().Count);
        await world.ComeBackAsync(context, connection);

        Assert.Empty((await connection.TakeAsync(3, TimeSpan.FromMinutes(1))).Deliveries);
    });

    [Fact]
    public void Kill_ServerThatIsDown_DoesNotBite() => InWorld(async (world, context, connection) =>
    {
        Assert.Equal(1, world.Connector.KillServer().Count);
        Assert.Equal(0, world.Connector.KillServer().Count);
        Assert.Equal(0, world.Connector.PauseServer().Count);
        await world.ComeBackAsync(context, connection);
    });

    [Fact]
    public void Swallow_UntilHealed_RequestsVanishAndTheConnectionIsReset() => InWorld(async (world, _, connection) =>
    {
        ModelLink link = world.Connector.Links[0];
        await connection.PrepareAsync();
        link.Swallow();
        Assert.Equal(UnknownReason.Timeout, (await connection.SendAsync("1")).Reason);

        ModelEffect effect = link.Heal();

        Assert.Equal(1, effect.Count);
        await connection.WhenConnectedAsync();
        Assert.Equal(0, (await connection.StreamAsync()).Messages);
    });

    [Fact]
    public void Disconnect_UntilHealed_ConnectionsAreRefused() => InWorld(async (world, context, connection) =>
    {
        ModelLink link = world.Connector.Links[0];
        Assert.Equal(1, link.Disconnect().Count);
        await context.Delay(TimeSpan.FromSeconds(30));
        Assert.Equal(ConnectionState.Reconnecting, connection.State);

        link.Heal();

        await connection.WhenConnectedAsync();
    });

    [Fact]
    public void Partition_WhatWaited_IsCountedAtItsEnd() => InWorld(async (world, context, connection) =>
    {
        ModelLink link = world.Connector.Links[0];
        await connection.PrepareAsync();
        link.Partition();
        ActorTask<PublishOutcome> publish = connection.SendAsync("1");
        await context.Delay(Moment);

        Assert.Equal(1, link.Heal().Count);
        Assert.True((await publish).IsAcknowledged);
    });

    private static void InWorld(Func<ModelWorld, IActorContext, IJetStreamConnection, ActorTask> body)
    {
        var world = new ModelWorld();
        world.Run((context, connection) => body(world, context, connection));
    }
}
