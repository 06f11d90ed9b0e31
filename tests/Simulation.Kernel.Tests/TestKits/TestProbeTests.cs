using Simulation.Testing;

namespace Simulation.Kernel.Tests.TestKits;

public sealed class TestProbeTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    [Theory]
    [InBothWorlds]
    public async Task ExpectMsg_WrongOrMissing_SaysWhat(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe("probe");

        probe.Tell(1);
        Assert.Contains("expected String, got Int32 1", Assert.Throws<TestKitException>(() => probe.ExpectMsg<string>()).Message);
        Assert.Contains("got nothing", Assert.Throws<TestKitException>(() => probe.ExpectMsg<string>(Short)).Message);
        probe.Tell(2);
        Assert.Throws<TestKitException>(() => probe.ExpectMsg<int>(n => n == 3));
        probe.Tell(4);
        Assert.Throws<TestKitException>(() => probe.ExpectMsgEqual(5));
        probe.Tell(6);
        Assert.Throws<TestKitException>(() => probe.ExpectNoMsg(Short));
    }

    [Theory]
    [InBothWorlds]
    public async Task ReplyAndForward_AnswerTheSender(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe middle = kit.CreateTestProbe();
        TestProbe asker = kit.CreateTestProbe();
        TestProbe other = kit.CreateTestProbe();

        asker.Send(middle, "question");
        middle.ExpectMsgEqual("question");
        Assert.Same(asker, middle.LastSender);
        middle.Reply("answer");
        middle.Forward(other, "passed on");

        asker.ExpectMsgEqual("answer");
        other.ExpectMsgEqual("passed on");
        Assert.Same(asker, other.LastSender);
    }

    [Theory]
    [InBothWorlds]
    public async Task FishForMessage_Others_ArePassedOver(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        probe.IgnoreMessages(message => message is 4);

        foreach (object message in new object[] { 1, "a", 2, 3, 4 })
        {
            probe.Tell(message);
        }

        Assert.Equal(2, probe.FishForMessage<int>(n => n == 2));
        Assert.Equal(3, await probe.ExpectMsgAsync<int>());
        probe.ExpectNoMsg(Short);
        Assert.Throws<TestKitException>(() => probe.FishForMessage<int>(patience: Short));
    }

    [Theory]
    [InBothWorlds]
    public async Task ExpectTerminated_AnotherActor_SaysWhich(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef one = kit.ActorOf(Scripted.Props(_ => { }), "one");
        IActorRef two = kit.ActorOf(Scripted.Props(_ => { }), "two");
        probe.Watch(one);
        probe.Watch(two);
        probe.Unwatch(two);

        kit.System.Stop(one);

        Assert.Contains("/one", Assert.Throws<TestKitException>(() => probe.ExpectTerminated(two)).Message);
    }

    [Fact]
    public async Task ExpectMsg_VirtualWorld_TimePassesOnlyAsFarAsNeeded()
    {
        await using TestKit kit = TestKit.Virtual();
        TestProbe probe = kit.CreateTestProbe();
        kit.System.Schedule(TimeSpan.FromSeconds(3), () => probe.Tell("now"));

        probe.ExpectMsgEqual("now");

        Assert.Equal(TimeSpan.FromSeconds(3), kit.System.Uptime);
    }
}
