using Simulation.Kernel;

namespace Simulation.JetStream.Tests.Contract;

public sealed class SubscriptionContract : ContractTest
{
    /// <summary>The shortest expiry that servers take with heartbeats.</summary>
    private static readonly TimeSpan ShortExpiry = TimeSpan.FromSeconds(1);

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Next_ManyMessages_ComeInOrder(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 1000);
        IPullSubscription pull = scene.JetStream.Subscribe(scene.Stream, "c", new PullOptions());

        Assert.Equal(Scene.Numbers(1, 1000), await TakeAsync(pull, 1000));

        await pull.StopAsync();
        Assert.Equal(1000, pull.Statistics.Delivered);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Next_MessagesComeLater_AreDelivered(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 0);
        IPullSubscription pull = scene.JetStream.Subscribe(scene.Stream, "c", new PullOptions());
        Assert.False(pull.TryNext(out _));

        await scene.PublishManyAsync(3);

        Assert.Equal(Scene.Numbers(1, 3), await TakeAsync(pull, 3));
        await pull.StopAsync();
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task ExtendUnread_CalledInTime_HoldsTheRedeliveryBack(string world) => InAsync(world, async scene =>
    {
        TimeSpan ackWait = TimeSpan.FromSeconds(3); // A machine may stand still for seconds.
        await scene.PrepareAsync(messages: 2, Scene.Consumer("c") with { AckWait = ackWait });
        IPullSubscription pull = scene.JetStream.Subscribe(scene.Stream, "c", new PullOptions());

        for (TimeSpan waited = TimeSpan.Zero; waited < ackWait * 1.2; waited += Scene.Soon)
        {
            await scene.Context.Delay(Scene.Soon);
            pull.ExtendUnread();
        }

        Assert.Equal(Scene.Numbers(1, 2), await TakeAsync(pull, 2));
        await pull.StopAsync();
        ConsumerInfo info = await scene.ConsumerAsync();
        Assert.Equal((0L, 2UL), (info.Redelivered, info.DeliveredConsumerSequence));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Next_PullExpired_HealsAndCounts(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 0);
        IPullSubscription pull = scene.JetStream.Subscribe(scene.Stream, "c", new PullOptions { Expires = ShortExpiry });
        while (pull.Statistics.Expired == 0)
        {
            await scene.Context.Delay(TimeSpan.FromMilliseconds(20));
        }

        await scene.PublishManyAsync(2);

        Assert.Equal(Scene.Numbers(1, 2), await TakeAsync(pull, 2));
        await pull.StopAsync();
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Next_ConsumerDeleted_IsToldAndResumesWithANewOne(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 1);
        IPullSubscription pull = scene.JetStream.Subscribe(scene.Stream, "c", new PullOptions());
        await TakeAsync(pull, 1);

        await scene.JetStream.DeleteConsumerAsync(scene.Stream, "c");
        PullItem end = await pull.NextAsync();
        await scene.CreateConsumerAsync();
        pull.Resume();

        Assert.Null(end.Delivery);
        Assert.Equal(PullEnd.ConsumerDeleted, end.End);
        Assert.Equal(["1"], await TakeAsync(pull, 1));
        await pull.StopAsync();
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Next_NoSuchConsumer_HasNoResponders(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        IPullSubscription pull = scene.JetStream.Subscribe(scene.Stream, "c", new PullOptions { Expires = ShortExpiry });

        Assert.Equal(PullEnd.NoResponders, (await pull.NextAsync()).End);
        await pull.StopAsync();
    });

    /// <summary>Old servers say nothing to a request that comes too early; that nobody knows of it shows by heartbeats that stay away.</summary>
    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Next_ConsumerComesAfterTheRequest_Delivers(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        IPullSubscription pull = scene.JetStream.Subscribe(scene.Stream, "c", new PullOptions { Expires = ShortExpiry });
        await scene.Context.Delay(Scene.Soon);
        await scene.CreateConsumerAsync();
        await scene.PublishManyAsync(1);

        PullItem item;
        while ((item = await pull.NextAsync()).Delivery is null)
        {
            await scene.Context.Delay(Scene.Soon);
            pull.Resume();
        }

        Assert.Equal(1UL, item.Delivery.StreamSequence);
        item.Delivery.Dispose();
        await pull.StopAsync();
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Stop_InTheMiddle_LosesNothingThatWasDelivered(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 500);
        IPullSubscription pull = scene.JetStream.Subscribe(scene.Stream, "c", new PullOptions());
        List<string> taken = [.. await TakeAsync(pull, 50)];

        await pull.StopAsync();
        for (PullItem item = await pull.NextAsync(); item.End != PullEnd.Stopped; item = await pull.NextAsync())
        {
            taken.Add(Take(item));
        }

        // What the server had under way when the stop reached it either came out or went back to be delivered next, at once and not after
        // the acknowledgement deadline: the next puller goes on exactly behind the last one.
        IPullSubscription next = scene.JetStream.Subscribe(scene.Stream, "c", new PullOptions());
        taken.AddRange(await TakeAsync(next, 500 - taken.Count));
        Assert.Equal(Scene.Numbers(1, 500), taken);
        await scene.EventuallyAsync(() => scene.ConsumerAsync(), answer => answer is { AckPending: 0, Pending: 0 });
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Stop_WhileAReaderWaits_EndsItsWait(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 0);
        IPullSubscription pull = scene.JetStream.Subscribe(scene.Stream, "c", new PullOptions());
        ActorTask<PullItem> waiting = pull.NextAsync();

        await pull.StopAsync();

        Assert.Equal(PullEnd.Stopped, (await waiting).End);
        Assert.Equal(PullEnd.Stopped, (await pull.NextAsync()).End);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Subscribe_TwoOnOneConsumer_ShareItsMessages(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 0);
        IPullSubscription left = scene.JetStream.Subscribe(scene.Stream, "c", new PullOptions { Outstanding = 4 });
        IPullSubscription right = scene.JetStream.Subscribe(scene.Stream, "c", new PullOptions { Outstanding = 4 });
        await scene.EventuallyAsync(() => scene.ConsumerAsync(), info => info.Waiting >= 2);
        await scene.PublishManyAsync(100);

        var taken = new List<string>();
        while (taken.Count < 100)
        {
            foreach (IPullSubscription pull in (IPullSubscription[])[left, right])
            {
                while (pull.TryNext(out PullItem item))
                {
                    taken.Add(Take(item));
                }
            }

            await scene.Context.Delay(TimeSpan.FromMilliseconds(1));
        }

        await left.StopAsync();
        await right.StopAsync();
        Assert.Equal(Scene.Numbers(1, 100).Order(StringComparer.Ordinal), taken.Order(StringComparer.Ordinal));
        Assert.True(left.Statistics.Delivered > 0 && right.Statistics.Delivered > 0, $"{left.Statistics} {right.Statistics}");
    });

    private static async ActorTask<List<string>> TakeAsync(IPullSubscription pull, int count)
    {
        var texts = new List<string>(count);
        while (texts.Count < count)
        {
            texts.Add(Take(await pull.NextAsync()));
        }

        return texts;
    }

    /// <summary>Reads, acknowledges and gives back.</summary>
    private static string Take(in PullItem item)
    {
        Assert.True(item.Delivery is not null, $"A delivery should have come, but the pull ended: {item.End} {item.Text}.");
        using Delivery delivery = item.Delivery;
        delivery.Ack();
        return Scene.Text(delivery);
    }
}
