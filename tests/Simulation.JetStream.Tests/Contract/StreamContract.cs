using Simulation.Kernel;

namespace Simulation.JetStream.Tests.Contract;

public sealed class StreamContract : ContractTest
{
    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Create_EverythingSet_ComesBackAsAsked(string world) => InAsync(world, async scene =>
    {
        var asked = new StreamConfig
        {
            Name = scene.Stream,
            Subjects = [scene.Subject("a.*"), scene.Subject("b")],
            Description = "a \"quoted\" description",
            Storage = StorageType.File,
            Retention = RetentionPolicy.WorkQueue,
            Discard = DiscardPolicy.New,
            MaxMessages = 1000,
            MaxBytes = 1_000_000,
            MaxAge = TimeSpan.FromHours(1),
            MaxMessagesPerSubject = 10,
            MaxMessageSize = 512,
            MaxConsumers = 5,
            DuplicateWindow = TimeSpan.FromSeconds(30),
            AllowRollup = true,
            DenyDelete = true,
            AllowDirect = true,
        };

        StreamConfig given = (await scene.JetStream.CreateStreamAsync(asked)).Config;

        Assert.Equal(asked.Subjects.ToArray(), given.Subjects.ToArray());
        Assert.Equal(asked with { Subjects = default }, given with { Subjects = default });
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Create_SameAgain_IsTheSameStream(string world) => InAsync(world, async scene =>
    {
        StreamInfo first = await scene.CreateStreamAsync();
        StreamInfo second = await scene.CreateStreamAsync();

        Assert.Equal(first.Created, second.Created);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Create_NameTakenByAnotherConfiguration_IsRefusedWith10058(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();

        JetStreamApiException error = await Scene.RefusedAsync(scene.JetStream.CreateStreamAsync(scene.StreamConfig with { MaxMessages = 5 }));

        Assert.Equal(10058, error.ErrorCode);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Create_OverlappingSubjects_IsRefusedWith10065(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();

        JetStreamApiException error = await Scene.RefusedAsync(
            scene.JetStream.CreateStreamAsync(scene.StreamConfig with { Name = scene.Stream + "B", Subjects = [scene.Subject("x")] }));

        Assert.Equal(10065, error.ErrorCode);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Update_Limits_Holds(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        await scene.PublishManyAsync(5);

        StreamInfo updated = await scene.JetStream.UpdateStreamAsync(scene.StreamConfig with { MaxMessages = 2 });

        Assert.Equal(2, updated.Config.MaxMessages);
        Assert.Equal(2, (await scene.JetStream.GetStreamAsync(scene.Stream))!.Messages);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Update_NoStream_IsRefusedWith10059(string world) => InAsync(world, async scene =>
        Assert.Equal(10059, (await Scene.RefusedAsync(scene.JetStream.UpdateStreamAsync(scene.StreamConfig))).ErrorCode));

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Get_Stream_TellsWhatItHolds(string world) => InAsync(world, async scene =>
    {
        StreamInfo created = await scene.CreateStreamAsync();
        await scene.CreateConsumerAsync();
        await scene.PublishManyAsync(3);

        StreamInfo info = (await scene.JetStream.GetStreamAsync(scene.Stream))!;

        Assert.Equal((3L, 1UL, 3UL, 1), (info.Messages, info.FirstSequence, info.LastSequence, info.ConsumerCount));
        Assert.True(info.Bytes > 0);
        Assert.Equal(created.Created, info.Created);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task GetAndDelete_NoStream_SayThatThereIsNone(string world) => InAsync(world, async scene =>
    {
        Assert.Null(await scene.JetStream.GetStreamAsync(scene.Stream));
        Assert.False(await scene.JetStream.DeleteStreamAsync(scene.Stream));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Delete_ThenCreate_IsAnotherIncarnation(string world) => InAsync(world, async scene =>
    {
        StreamInfo first = await scene.CreateStreamAsync();
        await scene.PublishManyAsync(3);

        Assert.True(await scene.JetStream.DeleteStreamAsync(scene.Stream));
        StreamInfo second = await scene.CreateStreamAsync();

        Assert.Equal(0UL, second.LastSequence);
        Assert.True(second.Created > first.Created);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Purge_AllOrOneSubject_TellsHowManyWent(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        await scene.PublishManyAsync(3, "a");
        await scene.PublishManyAsync(2, "b");

        Assert.Equal(3, await scene.JetStream.PurgeStreamAsync(scene.Stream, scene.Subject("a")));
        Assert.Equal(2, await scene.JetStream.PurgeStreamAsync(scene.Stream));

        // Sequences are never given again.
        Assert.Equal(6UL, (await scene.PublishAsync("a", "x")).Sequence);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task List_Streams_HoldsThisOne(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();

        Assert.Contains(await scene.JetStream.ListStreamsAsync(), info => info.Config.Name == scene.Stream);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task GetMessage_BySequenceAndSubject_GivesItWhole(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        await scene.PublishAsync("a", "1", headers: "K: v\r\n");
        await scene.PublishAsync("b", "2");
        await scene.PublishAsync("a", "3");

        StoredMessage first = (await scene.JetStream.GetMessageAsync(scene.Stream, 1))!;
        StoredMessage last = (await scene.JetStream.GetLastMessageAsync(scene.Stream, scene.Subject("a")))!;

        Assert.Equal((scene.Subject("a"), 1UL, "1", "v"), (first.Subject, first.Sequence, Scene.Text(first), first.Header("K")));
        Assert.Equal((3UL, "3", 0), (last.Sequence, Scene.Text(last), last.Headers.Length));
        Assert.True(last.Time >= first.Time);
        Assert.Null(await scene.JetStream.GetMessageAsync(scene.Stream, 9));
        Assert.Null(await scene.JetStream.GetLastMessageAsync(scene.Stream, scene.Subject("none")));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task GetMessage_StreamWithDirectAccess_IsTheSame(string world) => InAsync(world, async scene =>
    {
        await scene.JetStream.CreateStreamAsync(scene.StreamConfig with { AllowDirect = true });
        await scene.PublishAsync("a", "1", headers: "K: v\r\n");

        StoredMessage first = (await scene.JetStream.GetMessageAsync(scene.Stream, 1))!;
        StoredMessage last = (await scene.JetStream.GetLastMessageAsync(scene.Stream, scene.Subject("a")))!;

        Assert.Equal((scene.Subject("a"), 1UL, "1", "v"), (first.Subject, first.Sequence, Scene.Text(first), first.Header("K")));
        Assert.Equal(first.Time, last.Time);
        Assert.Null(await scene.JetStream.GetLastMessageAsync(scene.Stream, scene.Subject("none")));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task DeleteMessage_Twice_IsTrueThenFalse(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        await scene.PublishManyAsync(3);

        Assert.True(await scene.JetStream.DeleteMessageAsync(scene.Stream, 2));
        Assert.False(await scene.JetStream.DeleteMessageAsync(scene.Stream, 2));
        Assert.Null(await scene.JetStream.GetMessageAsync(scene.Stream, 2));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task DeleteMessage_StreamThatDeniesIt_IsRefused(string world) => InAsync(world, async scene =>
    {
        await scene.JetStream.CreateStreamAsync(scene.StreamConfig with { DenyDelete = true });
        await scene.PublishManyAsync(1);

        await Scene.RefusedAsync(scene.JetStream.DeleteMessageAsync(scene.Stream, 1));

        Assert.NotNull(await scene.JetStream.GetMessageAsync(scene.Stream, 1));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task MaxMessagesPerSubject_MoreCome_KeepsTheLast(string world) => InAsync(world, async scene =>
    {
        await scene.JetStream.CreateStreamAsync(scene.StreamConfig with { MaxMessagesPerSubject = 1 });
        await scene.PublishManyAsync(3, "a");
        await scene.PublishManyAsync(2, "b");

        StreamInfo info = (await scene.JetStream.GetStreamAsync(scene.Stream))!;

        Assert.Equal((2L, 3UL, 5UL), (info.Messages, info.FirstSequence, info.LastSequence));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task MaxAge_Passes_EmptiesTheStream(string world) => InAsync(world, async scene =>
    {
        await scene.JetStream.CreateStreamAsync(scene.StreamConfig with { MaxAge = Scene.Soon, DuplicateWindow = Scene.Soon });
        await scene.PublishManyAsync(3);

        StreamInfo? info = await scene.EventuallyAsync(() => scene.JetStream.GetStreamAsync(scene.Stream), answer => answer!.Messages == 0);

        Assert.Equal(3UL, info!.LastSequence);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task WorkQueue_AcknowledgedMessage_IsGone(string world) => InAsync(world, async scene =>
    {
        await scene.JetStream.CreateStreamAsync(scene.StreamConfig with { Retention = RetentionPolicy.WorkQueue });
        await scene.CreateConsumerAsync();
        await scene.PublishManyAsync(2);

        await (await scene.FetchOneAsync()).AckConfirmedAsync();

        StreamInfo? info = await scene.EventuallyAsync(() => scene.JetStream.GetStreamAsync(scene.Stream), answer => answer!.Messages == 1);
        Assert.Equal(2UL, info!.FirstSequence);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Account_WithAStream_CountsIt(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();

        Assert.True((await scene.JetStream.GetAccountAsync()).Streams >= 1);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Server_Connected_TellsItsVersion(string world) => InAsync(world, scene =>
    {
        Assert.Equal(scene.Version, scene.JetStream.Server.ParsedVersion);
        Assert.True(scene.JetStream.Server.MaxPayload > 0);
        return ActorTask.CompletedTask;
    });
}
