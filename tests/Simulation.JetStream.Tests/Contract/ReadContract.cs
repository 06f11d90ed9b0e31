using Simulation.Kernel;

namespace Simulation.JetStream.Tests.Contract;

public sealed class ReadContract : ContractTest
{
    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Read_WholeStream_GivesEachOnceInOrder(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        await scene.PublishManyAsync(100);
        await scene.PublishAsync("t", "101", headers: "Colour: red\r\n");

        List<StoredMessage> read = await ReadAsync(scene, new StreamReadOptions { BatchSize = 10 });

        Assert.Equal(Scene.Numbers(1, 101), read.Select(Scene.Text));
        Assert.Equal(Enumerable.Range(1, 101).Select(sequence => (ulong)sequence), read.Select(message => message.Sequence));
        Assert.Equal((scene.Subject("t"), "red"), (read[100].Subject, read[100].Header("Colour")));
        Assert.Equal((await scene.JetStream.GetMessageAsync(scene.Stream, 101))!.Time, read[100].Time);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Read_EmptyStream_Ends(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();

        Assert.Empty(await ReadAsync(scene, new StreamReadOptions()));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Read_PurgedStream_Ends(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        await scene.PublishManyAsync(5);
        await scene.JetStream.PurgeStreamAsync(scene.Stream);

        Assert.Empty(await ReadAsync(scene, new StreamReadOptions()));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Read_WithHoles_SkipsThem(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        await scene.PublishManyAsync(10);
        foreach (ulong sequence in (ulong[])[1, 4, 5, 10])
        {
            await scene.JetStream.DeleteMessageAsync(scene.Stream, sequence);
        }

        Assert.Equal(["2", "3", "6", "7", "8", "9"], (await ReadAsync(scene, new StreamReadOptions { BatchSize = 3 })).Select(Scene.Text));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Read_Filtered_GivesOnlyThat(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        await scene.PublishAsync("a", "1");
        await scene.PublishAsync("b", "2");
        await scene.PublishAsync("a", "3");
        await scene.PublishAsync("b", "4");

        Assert.Equal(["1", "3"], (await ReadAsync(scene, new StreamReadOptions { SubjectFilter = scene.Subject("a") })).Select(Scene.Text));
        Assert.Empty(await ReadAsync(scene, new StreamReadOptions { SubjectFilter = scene.Subject("none") }));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Read_FromASequence_BeginsThere(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        await scene.PublishManyAsync(5);

        var tail = new StreamReadOptions { From = DeliverPolicy.ByStartSequence, StartSequence = 4 };

        Assert.Equal(["4", "5"], (await ReadAsync(scene, tail)).Select(Scene.Text));
        Assert.Empty(await ReadAsync(scene, tail with { StartSequence = 6 }));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Read_LastPerSubject_GivesOneOfEachInOrder(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        foreach (string text in (string[])["a1", "b1", "c1", "b2", "a2"])
        {
            await scene.PublishAsync(text[..1], text);
        }

        var last = new StreamReadOptions { From = DeliverPolicy.LastPerSubject };

        Assert.Equal(["c1", "b2", "a2"], (await ReadAsync(scene, last)).Select(Scene.Text));
        Assert.Equal(["b2"], (await ReadAsync(scene, last with { SubjectFilter = scene.Subject("b") })).Select(Scene.Text));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Read_Ended_LeavesNoConsumerBehind(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        await scene.PublishManyAsync(3);

        await ReadAsync(scene, new StreamReadOptions());

        await scene.EventuallyAsync(() => scene.JetStream.ListConsumersAsync(scene.Stream), consumers => consumers.IsEmpty);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Follow_NewMessages_AreGivenBehindTheOld(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        await scene.PublishManyAsync(2);
        IStreamReader reader = scene.JetStream.ReadStream(scene.Stream, new StreamReadOptions { Follow = true });

        Assert.Equal("1", await NextTextAsync(reader));
        Assert.False(reader.CaughtUp);
        Assert.Equal("2", await NextTextAsync(reader));
        Assert.True(reader.CaughtUp);
        await scene.PublishManyAsync(3, first: 3);
        Assert.Equal(("3", "4", "5"), (await NextTextAsync(reader), await NextTextAsync(reader), await NextTextAsync(reader)));
        reader.Stop();
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Follow_ConsumerVanishes_GoesOnBehindTheLastMessage(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        await scene.PublishManyAsync(2);
        IStreamReader reader = scene.JetStream.ReadStream(scene.Stream, new StreamReadOptions { Follow = true });
        await NextTextAsync(reader);
        await NextTextAsync(reader);
        ActorTask<StoredMessage?> waiting = reader.NextAsync();
        var consumers = await scene.EventuallyAsync(() => scene.JetStream.ListConsumersAsync(scene.Stream), listed => listed.Any(info => info.Waiting > 0));

        await scene.JetStream.DeleteConsumerAsync(scene.Stream, consumers[0].Config.Name);
        await scene.PublishManyAsync(2, first: 3);

        Assert.Equal("3", Scene.Text((await waiting)!));
        Assert.Equal("4", await NextTextAsync(reader));
        reader.Stop();
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Follow_Stopped_EndsAWaitingReader(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        IStreamReader reader = scene.JetStream.ReadStream(scene.Stream, new StreamReadOptions { Follow = true });
        ActorTask<StoredMessage?> waiting = reader.NextAsync();
        await scene.EventuallyAsync(() => scene.JetStream.ListConsumersAsync(scene.Stream), consumers => consumers.Any(info => info.Waiting > 0));

        reader.Stop();

        Assert.Null(await waiting);
        Assert.Null(await reader.NextAsync());
        await scene.EventuallyAsync(() => scene.JetStream.ListConsumersAsync(scene.Stream), consumers => consumers.IsEmpty);
    });

    private static async ActorTask<List<StoredMessage>> ReadAsync(Scene scene, StreamReadOptions options)
    {
        IStreamReader reader = scene.JetStream.ReadStream(scene.Stream, options);
        var messages = new List<StoredMessage>();
        while (await reader.NextAsync() is { } message)
        {
            messages.Add(message);
        }

        return messages;
    }

    private static async ActorTask<string> NextTextAsync(IStreamReader reader) => Scene.Text((await reader.NextAsync())!);
}
