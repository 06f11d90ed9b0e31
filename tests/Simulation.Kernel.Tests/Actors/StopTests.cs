using Simulation.Testing;

namespace Simulation.Kernel.Tests.Actors;

public sealed class StopTests
{
    [Theory]
    [InBothWorlds]
    public async Task Stop_Family_ChildrenFirst(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef parent = kit.ActorOf(Scripted.Props(a =>
        {
            a.OnStopped = () => probe.Tell(a.Self.Name);
            a.Context.ActorOf(
                Scripted.Props(b =>
                {
                    b.OnStopped = () => probe.Tell(b.Self.Name);
                    b.Context.ActorOf(Scripted.Props(c => c.OnStopped = () => probe.Tell(c.Self.Name)), "grandchild");
                }),
                "child");
        }), "parent");

        kit.System.Stop(parent);

        probe.ExpectMsgEqual("grandchild");
        probe.ExpectMsgEqual("child");
        probe.ExpectMsgEqual("parent");
    }

    [Theory]
    [InBothWorlds]
    public async Task Stop_MessageInHandAwaits_FinishesItAndNoOther(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        Promise<int> inside = Promise<int>.Rent();
        Promise<int> go = Promise<int>.Rent();
        IActorRef actor = kit.ActorOf(Scripted.Props(a =>
        {
            a.OnStopped = () => probe.Tell("stopped");
            a.OnAsync<int>(async n =>
            {
                probe.Tell($"begin {n}");
                await go.Task;
                await a.Context.Delay(TimeSpan.FromMilliseconds(5));
                probe.Tell($"end {n}");
            });
        }));
        actor.Tell(1);
        actor.Tell(2);
        probe.ExpectMsgEqual("begin 1");

        kit.System.Stop(actor);
        probe.ExpectNoMsg(TimeSpan.FromMilliseconds(20));
        go.TrySetResult(0);

        probe.ExpectMsgEqual("end 1");
        probe.ExpectMsgEqual("stopped");
        kit.AwaitCondition(() => kit.System.DeadLetterCount == 1, "the second message is a dead letter");
    }

    [Theory]
    [InBothWorlds]
    public async Task Stop_Self_EndsAfterTheHandler(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef actor = kit.ActorOf(Scripted.Props(a => a.On<string>(_ =>
        {
            a.Context.Stop(a.Self);
            probe.Tell("still here");
        })));
        probe.Watch(actor);

        actor.Tell("stop");

        probe.ExpectMsgEqual("still here");
        probe.ExpectTerminated(actor);
    }

    [Theory]
    [InBothWorlds]
    public async Task Stop_PostStopFails_EndsAnywayAndLogs(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef actor = kit.ActorOf(Scripted.Props(a => a.OnStopped = () => throw new InvalidOperationException("post")));
        probe.Watch(actor);

        kit.System.Stop(actor);

        probe.ExpectTerminated(actor);
        Assert.Single(kit.Log.Containing("PostStop failed"));
    }

    [Theory]
    [InBothWorlds]
    public async Task Stop_WhileStopping_ChildrenCannotBeMade(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef actor = kit.ActorOf(Scripted.Props(a => a.OnStopped = () =>
            probe.Tell(Assert.Throws<InvalidOperationException>(() => a.Context.ActorOf(Scripted.Props(_ => { }), "late")))));

        kit.System.Stop(actor);

        probe.ExpectMsg<InvalidOperationException>();
    }
}
