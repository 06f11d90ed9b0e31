using Simulation.Kernel;

namespace Simulation.JetStream.Tests.Contract;

public sealed class FetchContract : ContractTest
{
    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Fetch_AsManyAsThereAre_IsComplete(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 3);

        FetchResult result = await scene.FetchAsync(2);

        Assert.Equal(PullEnd.Complete, result.End);
        Assert.Equal(["1", "2"], Scene.Texts(result));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Fetch_Delivery_TellsEverythingAboutTheMessage(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        await scene.CreateConsumerAsync();
        await scene.PublishAsync("a.b", "body", id: "id-1", headers: "Colour: red\r\n");
        await scene.PublishAsync("a.c", "other");
        await scene.PendingAsync(2);

        FetchResult result = await scene.FetchAsync(2);

        Delivery first = result.Deliveries[0];
        Delivery second = result.Deliveries[1];
        StoredMessage stored = (await scene.JetStream.GetMessageAsync(scene.Stream, 1))!;
        Assert.Equal((scene.Subject("a.b"), "body", stored.Time), (first.Subject, Scene.Text(first), first.StoredAt));
        Assert.Equal(("red", "id-1"), (HeaderBlock.Find(first.Headers, "Colour"), HeaderBlock.Find(first.Headers, "Nats-Msg-Id")));
        Assert.Equal((1UL, 1UL, 1, 1L), (first.StreamSequence, first.ConsumerSequence, first.DeliveryCount, first.Pending));
        Assert.Equal((2UL, 2UL, 1, 0L), (second.StreamSequence, second.ConsumerSequence, second.DeliveryCount, second.Pending));
        Assert.True(second.Headers.IsEmpty);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Fetch_FewerThanAsked_ExpiresWithWhatThereWas(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 2);

        FetchResult result = await scene.FetchAsync(5, Scene.Soon);

        Assert.Equal(PullEnd.Expired, result.End);
        Assert.Equal(["1", "2"], Scene.Texts(result));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Fetch_Waiting_GetsWhatIsPublishedMeanwhile(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 0);

        ActorTask<FetchResult> waiting = scene.FetchAsync(2);
        await scene.PublishManyAsync(2);

        Assert.Equal(["1", "2"], Scene.Texts(await waiting));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task FetchNoWait_Empty_HasNoMessages(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 0);

        FetchResult result = await scene.FetchNowAsync(5);

        Assert.Equal(PullEnd.NoMessages, result.End);
        Assert.Empty(result.Deliveries);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task FetchNoWait_FewerThanAsked_HasThoseAndNoMore(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 2);

        FetchResult result = await scene.FetchNowAsync(5);

        // Servers say it as 404 or as 408, after the messages.
        Assert.Contains(result.End, (PullEnd[])[PullEnd.NoMessages, PullEnd.Expired]);
        Assert.Equal(["1", "2"], Scene.Texts(result));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task FetchNoWait_AcknowledgementsOwed_EndsAllTheSame(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 2, Scene.Consumer("c") with { MaxAckPending = 1 });
        await scene.FetchOneAsync();

        // Some servers do not answer this at all: then the client's own timer ends it, here the request's expiry.
        FetchResult result = await scene.JetStream.FetchAsync(scene.Stream, "c", new FetchRequest(1, Scene.Soon, NoWait: true));

        Assert.Empty(result.Deliveries);
        Assert.Contains(result.End, (PullEnd[])[PullEnd.TimedOut, PullEnd.NoMessages, PullEnd.Expired, PullEnd.Conflict]);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Fetch_ConsumerDeletedWhileWaiting_IsTold(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 0);
        ActorTask<FetchResult> waiting = scene.FetchAsync(1);
        await scene.EventuallyAsync(() => scene.ConsumerAsync(), info => info.Waiting == 1);

        await scene.JetStream.DeleteConsumerAsync(scene.Stream, "c");

        Assert.Equal(PullEnd.ConsumerDeleted, (await waiting).End);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Fetch_NoSuchConsumer_HasNoResponders(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();

        // Servers before 2.10 keep silent about it: then it is found out when the request's time is over.
        Assert.Equal(PullEnd.NoResponders, (await scene.FetchAsync(1, Scene.Soon)).End);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Fetch_MoreThanMayWait_IsAConflict(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 0, Scene.Consumer("c") with { MaxWaiting = 1 });
        ActorTask<FetchResult> waiting = scene.FetchAsync(1);
        await scene.EventuallyAsync(() => scene.ConsumerAsync(), info => info.Waiting == 1);

        FetchResult second = await scene.FetchAsync(1);
        await scene.PublishManyAsync(1);

        Assert.Equal(PullEnd.Conflict, second.End);
        Assert.Contains("MaxWaiting", second.Text);
        Assert.Equal(PullEnd.Complete, (await waiting).End);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Fetch_LargerThanMaxBytes_IsAConflict(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        await scene.CreateConsumerAsync();
        await scene.PublishAsync("s", new string('x', 1000));

        FetchResult result = await scene.JetStream.FetchAsync(scene.Stream, "c", new FetchRequest(1, Scene.Patient, MaxBytes: 100));

        Assert.Equal(PullEnd.Conflict, result.End);
        Assert.Empty(result.Deliveries);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Fetch_Aborted_LostTheConnection(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 0);
        ActorTask<FetchResult> waiting = scene.FetchAsync(1);

        scene.JetStream.Abort();

        Assert.Equal(PullEnd.ConnectionLost, (await waiting).End);
    });
}
