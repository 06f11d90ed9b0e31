using Simulation.Testing;

namespace Simulation.Kernel.Tests.Actors;

public sealed class MessagingTests
{
    private sealed class Echo : ReceiveActor
    {
        public Echo()
        {
            Receive<string>(text => Sender!.Tell(text + "!"));
            ReceiveAsync<int>(async n =>
            {
                IActorRef asker = Sender!;
                await Context.Delay(TimeSpan.FromMilliseconds(n));
                Assert.Same(asker, Sender);
                asker.Tell(n + 1);
            });
        }
    }

    [Theory]
    [InBothWorlds]
    public async Task Tell_KnownMessage_ReachesItsHandler(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef echo = kit.ActorOf(() => new Echo(), "echo");

        probe.Send(echo, "hi");

        Assert.Equal("hi!", probe.ExpectMsg<string>());
        Assert.Equal("/echo", echo.Path);
    }

    [Theory]
    [InBothWorlds]
    public async Task ReceiveAsync_MessagesBehindAnAwait_WaitInOrder(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef echo = kit.ActorOf(() => new Echo());

        probe.Send(echo, 30);
        probe.Send(echo, 1);
        probe.Send(echo, "last");

        Assert.Equal(31, probe.ExpectMsg<int>());
        Assert.Equal(2, probe.ExpectMsg<int>());
        Assert.Equal("last!", probe.ExpectMsg<string>());
    }
}
