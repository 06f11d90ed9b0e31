using Simulation.Testing;

namespace Simulation.Kernel.Tests.Actors;

public sealed class KillTests
{
    [Theory]
    [InBothWorlds]
    public async Task Kill_Family_NoCleanUpRunsAndAllAreGone(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        TestProbe children = kit.CreateTestProbe();
        IActorRef parent = kit.ActorOf(Scripted.Props(a =>
        {
            a.OnStopped = () => probe.Tell("parent's PostStop");
            children.Tell(a.Context.ActorOf(Scripted.Props(b => b.OnStopped = () => probe.Tell("child's PostStop")), "child"));
        }));
        IActorRef child = children.ExpectMsg<IActorRef>();
        children.Watch(child);
        probe.Watch(parent);

        kit.System.Kill(parent);

        probe.ExpectTerminated(parent);
        children.ExpectTerminated(child);
        probe.ExpectNoMsg(TimeSpan.FromMilliseconds(20));
    }

    [Theory]
    [InBothWorlds]
    public async Task Kill_HandlerAwaits_DropsItAndTheMailbox(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        Promise<int> go = Promise<int>.Rent();
        IActorRef actor = kit.ActorOf(Scripted.Props(a => a.OnAsync<int>(async n =>
        {
            probe.Tell(n);
            try
            {
                await go.Task;
                probe.Tell("went on");
            }
            finally
            {
                probe.Tell("finally");
            }
        })));
        probe.Watch(actor);
        actor.Tell(1);
        actor.Tell(2);
        probe.ExpectMsgEqual(1);

        kit.System.Kill(actor);
        probe.ExpectTerminated(actor);
        go.TrySetResult(0);

        probe.ExpectNoMsg(TimeSpan.FromMilliseconds(20));
        Assert.Equal(0, kit.System.DeadLetterCount);    // lost with the actor, as with power
    }

    [Theory]
    [InBothWorlds]
    public async Task Kill_WhileStopping_SkipsPostStop(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef parent = kit.ActorOf(Scripted.Props(a =>
        {
            a.OnStopped = () => probe.Tell("PostStop");
            a.Context.ActorOf(
                Scripted.Props(b => b.OnAsync<string>(async _ =>
                {
                    probe.Tell("child is busy");
                    await Promise<int>.Rent().Task;
                })),
                "child").Tell("be busy for ever");
        }));
        probe.ExpectMsgEqual("child is busy");
        probe.Watch(parent);
        kit.System.Stop(parent);
        probe.ExpectNoMsg(TimeSpan.FromMilliseconds(20));

        kit.System.Kill(parent);

        probe.ExpectTerminated(parent);
    }

    [Theory]
    [InBothWorlds]
    public async Task Kill_Self_EndsAtTheEndOfTheTurn(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef actor = kit.ActorOf(Scripted.Props(a => a.OnAsync<string>(async _ =>
        {
            a.Context.Kill(a.Self);
            probe.Tell("until the next await");
            await a.Context.Delay(TimeSpan.Zero);
            probe.Tell("not beyond");
        })));
        probe.Watch(actor);

        actor.Tell("kill yourself");

        probe.ExpectMsgEqual("until the next await");
        probe.ExpectTerminated(actor);
    }

    [Theory]
    [InBothWorlds]
    public async Task Kill_Afterwards_MessagesAreDeadLetters(World world)
    {
        await using TestKit kit = TestKit.In(world);
        IActorRef actor = kit.ActorOf(Scripted.Props(_ => { }));
        kit.System.Kill(actor);
        kit.Await(kit.System.WhenTerminated(actor));

        actor.Tell("one");
        actor.Tell("two");

        kit.AwaitCondition(() => kit.System.DeadLetterCount == 2, "two dead letters");
        Assert.Single(kit.Log.Containing("Dead letter: System.String"));
    }
}
