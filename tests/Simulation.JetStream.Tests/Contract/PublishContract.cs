namespace Simulation.JetStream.Tests.Contract;

public sealed class PublishContract : ContractTest
{
    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Publish_ToAStream_IsAcknowledgedWithStreamAndSequence(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();

        PublishOutcome first = await scene.PublishAsync("s", "1");
        PublishOutcome second = await scene.PublishAsync("s", "2");

        Assert.Equal(PublishOutcome.Acknowledged(scene.Stream, 1, duplicate: false), first);
        Assert.Equal(PublishOutcome.Acknowledged(scene.Stream, 2, duplicate: false), second);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Publish_ManyInFlight_AreStoredInTheOrderOfTheCalls(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 2000);

        FetchResult result = await scene.FetchAsync(1000);

        Assert.Equal(Scene.Numbers(1, 1000), Scene.Texts(result));
        Assert.Equal(2000UL, (await scene.JetStream.GetStreamAsync(scene.Stream))!.LastSequence);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Publish_WithHeaders_KeepsThem(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();

        await scene.PublishAsync("s", "", id: "id-1", headers: "Colour: red\r\n");

        StoredMessage message = (await scene.JetStream.GetMessageAsync(scene.Stream, 1))!;
        Assert.Equal(("red", "id-1", 0), (message.Header("Colour"), message.Header("Nats-Msg-Id"), message.Payload.Length));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Publish_NoStream_IsRejectedWith503(string world) => InAsync(world, async scene =>
    {
        PublishOutcome outcome = await scene.PublishAsync("s", "1");

        Assert.Equal((PublishResult.Rejected, 503), (outcome.Result, outcome.ErrorCode));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Publish_SameIdAgain_IsADuplicateOfTheFirst(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        await scene.PublishAsync("s", "first", id: "x");

        // What a later message of that id says is never looked at.
        PublishOutcome again = await scene.PublishAsync("s", "other body", id: "x");

        Assert.Equal(PublishOutcome.Acknowledged(scene.Stream, 1, duplicate: true), again);
        Assert.Equal(1, (await scene.JetStream.GetStreamAsync(scene.Stream))!.Messages);
        Assert.Equal("first", Scene.Text((await scene.JetStream.GetLastMessageAsync(scene.Stream, scene.Subject("s")))!));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Publish_SameIdAfterTheWindow_IsStoredAgain(string world) => InAsync(world, async scene =>
    {
        await scene.JetStream.CreateStreamAsync(scene.StreamConfig with { DuplicateWindow = Scene.Soon });
        await scene.PublishAsync("s", "1", id: "x");

        PublishOutcome stored = await scene.EventuallyAsync(() => scene.PublishAsync("s", "1", id: "x"), outcome => !outcome.Duplicate);

        Assert.Equal(2UL, stored.Sequence);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Publish_ExpectedLastSequence_IsAcceptedOrRejectedWith10071(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        await scene.PublishAsync("s", "1");

        PublishOutcome wrong = await scene.PublishAsync("s", "2", expectation: new() { LastSequence = 7 });
        PublishOutcome right = await scene.PublishAsync("s", "2", expectation: new() { LastSequence = 1 });

        Assert.Equal((PublishResult.Rejected, 10071), (wrong.Result, wrong.ErrorCode));
        Assert.Equal(2UL, right.Sequence);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Publish_ExpectedLastSubjectSequence_LooksAtItsOwnSubjectOnly(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        await scene.PublishAsync("a", "1");
        await scene.PublishAsync("b", "2");

        PublishOutcome behind = await scene.PublishAsync("b", "x", expectation: new() { LastSubjectSequence = 1 });
        PublishOutcome notNew = await scene.PublishAsync("a", "x", expectation: new() { LastSubjectSequence = 0 });
        PublishOutcome right = await scene.PublishAsync("a", "3", expectation: new() { LastSubjectSequence = 1 });
        PublishOutcome isNew = await scene.PublishAsync("c", "4", expectation: new() { LastSubjectSequence = 0 });

        Assert.Equal((10071, 10071), (behind.ErrorCode, notNew.ErrorCode));
        Assert.Equal((3UL, 4UL), (right.Sequence, isNew.Sequence));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Publish_ExpectedLastMessageId_IsAcceptedOrRejectedWith10070(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        await scene.PublishAsync("s", "1", id: "a");

        PublishOutcome wrong = await scene.PublishAsync("s", "2", id: "b", expectation: new() { LastMessageId = "z" });
        PublishOutcome right = await scene.PublishAsync("s", "2", id: "b", expectation: new() { LastMessageId = "a" });

        Assert.Equal((PublishResult.Rejected, 10070), (wrong.Result, wrong.ErrorCode));
        Assert.True(right.IsAcknowledged);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Publish_ExpectedStream_IsAcceptedOrRejectedWith10060(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();

        PublishOutcome wrong = await scene.PublishAsync("s", "1", expectation: new() { Stream = "OTHER" });
        PublishOutcome right = await scene.PublishAsync("s", "1", expectation: new() { Stream = scene.Stream });

        Assert.Equal((PublishResult.Rejected, 10060), (wrong.Result, wrong.ErrorCode));
        Assert.Equal(1UL, right.Sequence);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Publish_FullStreamThatDiscardsNew_IsRejectedWith10077(string world) => InAsync(world, async scene =>
    {
        await scene.JetStream.CreateStreamAsync(scene.StreamConfig with { MaxMessages = 2, Discard = DiscardPolicy.New });
        await scene.PublishManyAsync(2);

        PublishOutcome outcome = await scene.PublishAsync("s", "3");

        Assert.Equal((PublishResult.Rejected, 10077), (outcome.Result, outcome.ErrorCode));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Publish_FullStreamThatDiscardsOld_DropsTheOldest(string world) => InAsync(world, async scene =>
    {
        await scene.JetStream.CreateStreamAsync(scene.StreamConfig with { MaxMessages = 2 });

        await scene.PublishManyAsync(3);

        StreamInfo info = (await scene.JetStream.GetStreamAsync(scene.Stream))!;
        Assert.Equal((2L, 2UL, 3UL), (info.Messages, info.FirstSequence, info.LastSequence));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Publish_LargerThanTheStreamAllows_IsRejectedWith10054(string world) => InAsync(world, async scene =>
    {
        await scene.JetStream.CreateStreamAsync(scene.StreamConfig with { MaxMessageSize = 10 });

        PublishOutcome outcome = await scene.PublishAsync("s", "more than ten bytes");

        Assert.Equal((PublishResult.Rejected, 10054), (outcome.Result, outcome.ErrorCode));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Publish_AfterAbort_IsUnknown(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        scene.JetStream.Abort();

        PublishOutcome outcome = await scene.PublishAsync("s", "1");

        Assert.Equal((PublishResult.Unknown, UnknownReason.NotConnected), (outcome.Result, outcome.Reason));
        Assert.Equal(ConnectionState.Closed, scene.JetStream.State);
    });
}
