namespace Simulation.JetStream.Tests.Contract;

public sealed class AckContract : ContractTest
{
    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Ack_Sent_MovesTheFloor(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 3);
        FetchResult result = await scene.FetchAsync(3);

        foreach (Delivery delivery in result.Deliveries)
        {
            delivery.Ack();
        }

        ConsumerInfo info = await scene.EventuallyAsync(() => scene.ConsumerAsync(), answer => answer.AckPending == 0);
        Assert.Equal(3UL, info.AckFloorStreamSequence);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task AckConfirmed_Answered_IsInEffect(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 1);
        Delivery delivery = await scene.FetchOneAsync();

        AckOutcome outcome = await delivery.AckConfirmedAsync();

        Assert.Equal(AckOutcome.Confirmed, outcome);
        ConsumerInfo info = await scene.ConsumerAsync();
        Assert.Equal((0L, 1UL), (info.AckPending, info.AckFloorStreamSequence));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task AckConfirmed_OutOfOrder_LeavesTheGapPending(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 3);
        FetchResult result = await scene.FetchAsync(3);

        await result.Deliveries[1].AckConfirmedAsync();
        await result.Deliveries[2].AckConfirmedAsync();

        ConsumerInfo info = await scene.ConsumerAsync();
        Assert.Equal((1L, 0UL), (info.AckPending, info.AckFloorStreamSequence));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task AckWait_Passes_RedeliversAndCounts(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 1, Scene.Consumer("c") with { AckWait = Scene.Soon });

        Delivery first = await scene.FetchOneAsync();
        Delivery second = await scene.FetchOneAsync();
        Delivery third = await scene.FetchOneAsync();

        Assert.Equal((1, 2, 3), (first.DeliveryCount, second.DeliveryCount, third.DeliveryCount));
        Assert.Equal((1UL, 1UL), (first.StreamSequence, third.StreamSequence));
        Assert.Equal((1UL, 2UL, 3UL), (first.ConsumerSequence, second.ConsumerSequence, third.ConsumerSequence));
        Assert.Equal(1, (await scene.ConsumerAsync()).Redelivered);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Ack_AfterARedelivery_EndsIt(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 1, Scene.Consumer("c") with { AckWait = Scene.Soon });
        Delivery first = await scene.FetchOneAsync();
        await scene.FetchOneAsync();

        // The late acknowledgement of the first delivery counts for the message.
        await first.AckConfirmedAsync();

        Assert.Empty((await scene.FetchAsync(1, Scene.Soon * 3)).Deliveries);
        Assert.Equal(0, (await scene.ConsumerAsync()).AckPending);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Nak_WithoutDelay_RedeliversAtOnce(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 1);

        (await scene.FetchOneAsync()).Nak();

        Assert.Equal(2, (await scene.FetchOneAsync()).DeliveryCount);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Nak_WithDelay_RedeliversNotBefore(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 1);
        Delivery first = await scene.FetchOneAsync();

        TimeSpan begin = scene.Context.Uptime;
        first.Nak(Scene.Soon * 2);
        Delivery second = await scene.FetchOneAsync();

        Assert.Equal(2, second.DeliveryCount);
        Assert.True(scene.Context.Uptime - begin >= Scene.Soon, "It was redelivered well before its delay.");
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task InProgress_SentInTime_HoldsTheRedeliveryBack(string world) => InAsync(world, async scene =>
    {
        TimeSpan ackWait = TimeSpan.FromSeconds(3); // A machine may stand still for seconds.
        await scene.PrepareAsync(messages: 1, Scene.Consumer("c") with { AckWait = ackWait });
        Delivery delivery = await scene.FetchOneAsync();

        for (TimeSpan worked = TimeSpan.Zero; worked < ackWait * 1.2; worked += Scene.Soon)
        {
            delivery.InProgress();
            await scene.Context.Delay(Scene.Soon);
        }

        await delivery.AckConfirmedAsync();
        ConsumerInfo info = await scene.ConsumerAsync();
        Assert.Equal((0L, 1UL), (info.Redelivered, info.DeliveredConsumerSequence));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Terminate_Sent_IsNeverDeliveredAgain(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 1, Scene.Consumer("c") with { AckWait = Scene.Soon });

        (await scene.FetchOneAsync()).Terminate();

        Assert.Empty((await scene.FetchAsync(1, Scene.Soon * 3)).Deliveries);
        ConsumerInfo info = await scene.ConsumerAsync();
        Assert.Equal((0L, 1UL), (info.AckPending, info.AckFloorStreamSequence));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task MaxDeliver_Reached_StrandsTheMessage(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 2, Scene.Consumer("c") with { MaxDeliver = 2, AckWait = Scene.Soon });
        Delivery acknowledged = (await scene.FetchAsync(2)).Deliveries[1];
        await acknowledged.AckConfirmedAsync();

        Assert.Equal(2, (await scene.FetchOneAsync()).DeliveryCount);

        Assert.Empty((await scene.FetchAsync(1, Scene.Soon * 4)).Deliveries);
        Assert.Equal(0, (await scene.ConsumerAsync()).Pending);
        Assert.NotNull(await scene.JetStream.GetMessageAsync(scene.Stream, 1));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task BackOff_Set_PacesTheRedeliveries(string world) => InAsync(world, async scene =>
    {
        TimeSpan[] pauses = [Scene.Soon, Scene.Soon * 2];
        await scene.PrepareAsync(messages: 1, Scene.Consumer("c") with { BackOff = [.. pauses], MaxDeliver = 3 });

        Delivery first = await scene.FetchOneAsync();
        TimeSpan begin = scene.Context.Uptime;
        Delivery second = await scene.FetchOneAsync();
        Delivery third = await scene.FetchOneAsync();

        Assert.Equal((1, 2, 3), (first.DeliveryCount, second.DeliveryCount, third.DeliveryCount));
        Assert.True(scene.Context.Uptime - begin >= pauses[0] + (pauses[1] / 2), "It did not wait longer for the second redelivery.");
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task MaxAckPending_Reached_DeliversOnAfterAnAck(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 3, Scene.Consumer("c") with { MaxAckPending = 2 });

        FetchResult first = await scene.FetchAsync(3, Scene.Soon);
        await first.Deliveries[0].AckConfirmedAsync();
        FetchResult second = await scene.FetchAsync(3, Scene.Soon);

        Assert.Equal(["1", "2"], Scene.Texts(first));
        Assert.Equal(PullEnd.Expired, first.End);
        Assert.Equal(["3"], Scene.Texts(second));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task AckPolicyAll_LaterMessageAcknowledged_TakesTheEarlierWithIt(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 3, Scene.Consumer("c") with { AckPolicy = AckPolicy.All });
        FetchResult result = await scene.FetchAsync(3);

        await result.Deliveries[1].AckConfirmedAsync();

        ConsumerInfo info = await scene.ConsumerAsync();
        Assert.Equal((2UL, 1L), (info.AckFloorStreamSequence, info.AckPending));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task AckPolicyNone_Delivered_OwesNothing(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 2, Scene.Consumer("c") with { AckPolicy = AckPolicy.None });

        await scene.FetchAsync(2);

        Assert.Equal(0, (await scene.ConsumerAsync()).AckPending);
        Assert.Equal(PullEnd.NoMessages, (await scene.FetchNowAsync(1)).End);
    });
}
