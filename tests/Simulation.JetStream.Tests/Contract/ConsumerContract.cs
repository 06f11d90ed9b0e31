using Simulation.Kernel;

namespace Simulation.JetStream.Tests.Contract;

public sealed class ConsumerContract : ContractTest
{
    /// <summary>More than a server puts into one answer.</summary>
    private const int MoreThanOnePage = 300;

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Create_EverythingSet_ComesBackAsAsked(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        var asked = new ConsumerConfig
        {
            Name = "c",
            Description = "described",
            FilterSubjects = [scene.Subject("a")],
            DeliverPolicy = DeliverPolicy.ByStartSequence,
            StartSequence = 3,
            AckPolicy = AckPolicy.Explicit,
            AckWait = TimeSpan.FromSeconds(7),
            MaxDeliver = 4,
            MaxAckPending = 77,
            MaxWaiting = 9,
            InactiveThreshold = TimeSpan.FromHours(1),
            MemoryStorage = true,
            Replicas = 1,
        };

        ConsumerConfig given = (await scene.CreateConsumerAsync(asked)).Config;

        Assert.Equal(asked.FilterSubjects.ToArray(), given.FilterSubjects.ToArray());
        Assert.Equal(asked with { FilterSubjects = default, BackOff = default }, given with { FilterSubjects = default, BackOff = default });
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Create_SameAgain_KeepsItsPosition(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 2);
        await (await scene.FetchOneAsync()).AckConfirmedAsync();

        ConsumerInfo again = await scene.CreateConsumerAsync();

        Assert.Equal((1UL, 1L), (again.AckFloorStreamSequence, again.Pending));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Create_NameTakenByAnotherConfiguration_IsRefused(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 0);

        await Scene.RefusedAsync(scene.CreateConsumerAsync(Scene.Consumer("c") with { MaxAckPending = 5 }));

        Assert.Equal(1000, (await scene.ConsumerAsync()).Config.MaxAckPending);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Create_NoStream_IsRefusedWith10059(string world) => InAsync(world, async scene =>
        Assert.Equal(10059, (await Scene.RefusedAsync(scene.CreateConsumerAsync())).ErrorCode));

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Create_MoreThanTheStreamAllows_IsRefusedWith10026(string world) => InAsync(world, async scene =>
    {
        await scene.JetStream.CreateStreamAsync(scene.StreamConfig with { MaxConsumers = 1 });
        await scene.CreateConsumerAsync();

        Assert.Equal(10026, (await Scene.RefusedAsync(scene.CreateConsumerAsync(Scene.Consumer("d")))).ErrorCode);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Update_Limits_Holds(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 0);

        ConsumerInfo updated = await scene.JetStream.UpdateConsumerAsync(scene.Stream, Scene.Consumer("c") with { MaxAckPending = 5, AckWait = Scene.Patient });

        Assert.Equal((5, Scene.Patient), (updated.Config.MaxAckPending, updated.Config.AckWait));
        Assert.Equal(5, (await scene.ConsumerAsync()).Config.MaxAckPending);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Update_NoConsumer_IsRefused(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();

        await Scene.RefusedAsync(scene.JetStream.UpdateConsumerAsync(scene.Stream, Scene.Consumer("c")));

        Assert.Null(await scene.JetStream.GetConsumerAsync(scene.Stream, "c"));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Delete_Twice_IsTrueThenFalse(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 0);

        Assert.True(await scene.JetStream.DeleteConsumerAsync(scene.Stream, "c"));
        Assert.False(await scene.JetStream.DeleteConsumerAsync(scene.Stream, "c"));
        Assert.Null(await scene.JetStream.GetConsumerAsync(scene.Stream, "c"));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task List_MoreThanOnePage_HoldsThemAll(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        string[] names = [.. Scene.Numbers(1, MoreThanOnePage).Select(number => $"c{number}")];
        foreach (string name in names)
        {
            await scene.CreateConsumerAsync(Scene.Consumer(name) with { MemoryStorage = true });
        }

        var listed = await scene.JetStream.ListConsumersAsync(scene.Stream);

        Assert.Equal(names.Order(StringComparer.Ordinal), listed.Select(info => info.Config.Name).Order(StringComparer.Ordinal));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Info_AfterDeliveries_TellsThePosition(string world) => InAsync(world, async scene =>
    {
        await scene.PrepareAsync(messages: 5);
        FetchResult result = await scene.FetchAsync(3);
        await result.Deliveries[0].AckConfirmedAsync();

        ConsumerInfo info = await scene.ConsumerAsync();

        Assert.Equal((3UL, 3UL), (info.DeliveredStreamSequence, info.DeliveredConsumerSequence));
        Assert.Equal((1UL, 2L, 2L, 0L), (info.AckFloorStreamSequence, info.AckPending, info.Pending, info.Redelivered));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Filter_OneSubject_DeliversOnlyThat(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        await scene.PublishAsync("a.x", "1");
        await scene.PublishAsync("b.x", "2");
        await scene.PublishAsync("a.y", "3");
        await scene.CreateConsumerAsync(Scene.Consumer("c") with { FilterSubjects = [scene.Subject("a.*")] });

        Assert.Equal(["1", "3"], Scene.Texts(await scene.FetchNowAsync(10)));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Filter_SeveralSubjects_WorkOrAreRefusedButNeverIgnored(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        foreach (string subject in (string[])["a", "b", "c"])
        {
            await scene.PublishAsync(subject, subject);
        }

        ConsumerConfig config = Scene.Consumer("c") with { FilterSubjects = [scene.Subject("a"), scene.Subject("c")] };
        if (!scene.HasSeveralFilters)
        {
            await Scene.RefusedAsync(scene.CreateConsumerAsync(config));
            Assert.Null(await scene.JetStream.GetConsumerAsync(scene.Stream, "c"));
            return;
        }

        ConsumerInfo info = await scene.CreateConsumerAsync(config);
        Assert.Equal(config.FilterSubjects.ToArray(), info.Config.FilterSubjects.ToArray());
        Assert.Equal(["a", "c"], Scene.Texts(await scene.FetchNowAsync(10)));
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Filter_Overlapping_IsRefusedWith10138(string world) => InAsync(world, async scene =>
    {
        Skip.IfNot(scene.HasSeveralFilters, "Servers before 2.10 have no consumers with several filters.");
        await scene.CreateStreamAsync();

        ConsumerConfig config = Scene.Consumer("c") with { FilterSubjects = [scene.Subject("a.*"), scene.Subject("a.b")] };

        Assert.Equal(10138, (await Scene.RefusedAsync(scene.CreateConsumerAsync(config))).ErrorCode);
    });

    /// <summary>Old servers want the filter within a subject of the stream, or around one; new ones take any.</summary>
    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Filter_BesideTheSubjectsOfTheStream_IsRefusedByOldServersWith10093(string world) => InAsync(world, async scene =>
    {
        await scene.JetStream.CreateStreamAsync(scene.StreamConfig with { Subjects = [scene.Subject("*.b.*"), scene.Subject("c.*"), scene.Subject("d")] });
        foreach (string filter in (string[])["a.b.*", "*.b.>", "c.>", "c.x", "d", "*", ">"])
        {
            await TakesAsync(scene, filter);
        }

        foreach (string filter in (string[])["a.>", "*.c", "x.>", "e"])
        {
            if (scene.HasSeveralFilters)
            {
                await TakesAsync(scene, filter);
            }
            else
            {
                Assert.Equal(10093, (await Scene.RefusedAsync(scene.CreateConsumerAsync(Scene.Consumer("c") with { FilterSubjects = [scene.Subject(filter)] }))).ErrorCode);
            }
        }
    });

    private static async ActorTask TakesAsync(Scene scene, string filter)
    {
        await scene.CreateConsumerAsync(Scene.Consumer("c") with { FilterSubjects = [scene.Subject(filter)] });
        await scene.JetStream.DeleteConsumerAsync(scene.Stream, "c");
    }

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Filter_Changed_MovesOnWithoutGoingBack(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        ConsumerConfig config = Scene.Consumer("c") with { FilterSubjects = [scene.Subject("a")] };
        await scene.CreateConsumerAsync(config);
        await scene.PublishAsync("b", "before");
        await scene.PublishAsync("a", "1");
        await (await scene.FetchOneAsync()).AckConfirmedAsync();

        await scene.JetStream.UpdateConsumerAsync(scene.Stream, config with { FilterSubjects = [scene.Subject("b")] });
        await scene.PublishAsync("b", "after");

        Assert.Equal("after", Scene.Text(await scene.FetchOneAsync()));
        Assert.Empty((await scene.FetchAsync(10, Scene.Soon)).Deliveries);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Deliver_Last_BeginsWithTheLastMessage(string world) =>
        DeliversAsync(world, config => config with { DeliverPolicy = DeliverPolicy.Last }, ["a3", "new"]);

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Deliver_New_BeginsBehindWhatIsThere(string world) =>
        DeliversAsync(world, config => config with { DeliverPolicy = DeliverPolicy.New }, ["new"]);

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Deliver_ByStartSequence_BeginsThere(string world) =>
        DeliversAsync(world, config => config with { DeliverPolicy = DeliverPolicy.ByStartSequence, StartSequence = 3 }, ["b2", "a3", "new"]);

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Deliver_LastPerSubject_BeginsWithTheLastOfEach(string world) =>
        DeliversAsync(world, config => config with { DeliverPolicy = DeliverPolicy.LastPerSubject }, ["b2", "a3", "new"]);

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Deliver_LastPerSubjectWithoutFilter_IsRefusedWith10094(string world) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();

        ConsumerConfig config = Scene.Consumer("c") with { DeliverPolicy = DeliverPolicy.LastPerSubject };

        Assert.Equal(10094, (await Scene.RefusedAsync(scene.CreateConsumerAsync(config))).ErrorCode);
    });

    [SkippableTheory, MemberData(nameof(Worlds))]
    public Task Deliver_All_BeginsWithTheFirst(string world) => DeliversAsync(world, config => config, ["a1", "b1", "b2", "a3", "new"]);

    private static Task DeliversAsync(string world, Func<ConsumerConfig, ConsumerConfig> change, string[] expected) => InAsync(world, async scene =>
    {
        await scene.CreateStreamAsync();
        foreach (string text in (string[])["a1", "b1", "b2", "a3"])
        {
            await scene.PublishAsync(text[..1], text);
        }

        await scene.CreateConsumerAsync(change(Scene.Consumer("c") with { FilterSubjects = [scene.Subject(">")] }));
        await scene.PublishAsync("z", "new");

        Assert.Equal(expected, Scene.Texts(await scene.FetchAsync(expected.Length)));
    });
}
