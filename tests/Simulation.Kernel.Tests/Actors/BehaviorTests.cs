using Simulation.Testing;

namespace Simulation.Kernel.Tests.Actors;

public sealed class BehaviorTests
{
    [Theory]
    [InBothWorlds]
    public async Task Receive_SeveralMatch_FirstRegisteredWins(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef actor = kit.ActorOf(Scripted.Props(a =>
        {
            a.OnIf<int>(n => n > 10, n => probe.Tell($"large {n}"));
            a.On<int>(n => probe.Tell($"small {n}"));
            a.On<IComparable>(c => probe.Tell($"comparable {c}"));
            a.OnAny(o => probe.Tell($"any {o.GetType().Name}"));
        }));

        actor.Tell(11);
        actor.Tell(2);
        actor.Tell("text");
        actor.Tell(new object());

        probe.ExpectMsgEqual("large 11");
        probe.ExpectMsgEqual("small 2");
        probe.ExpectMsgEqual("comparable text");
        probe.ExpectMsgEqual("any Object");
    }

    [Theory]
    [InBothWorlds]
    public async Task Become_Phases_ReplaceStackAndReturn(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef actor = kit.ActorOf(Scripted.Props(a =>
        {
            a.On<string>(_ =>
            {
                probe.Tell("first");
                a.Enter(Second);
            });

            void Second() => a.On<string>(_ =>
            {
                probe.Tell("second");
                a.EnterStacked(Third);
            });

            void Third() => a.On<string>(_ =>
            {
                probe.Tell("third");
                a.Leave();
                a.Leave();      // there is no more to leave: nothing happens
            });
        }));

        for (int i = 0; i < 4; i++)
        {
            actor.Tell("next");
        }

        probe.ExpectMsgEqual("first");
        probe.ExpectMsgEqual("second");
        probe.ExpectMsgEqual("third");
        probe.ExpectMsgEqual("second");
    }

    [Theory]
    [InBothWorlds]
    public async Task Receive_OutsideOfAPhase_FailsTheActor(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef actor = kit.ActorOf(Scripted.Props(a =>
        {
            a.On<string>(_ => a.On<int>(_ => { }));
            a.OnRestarted = error => probe.Tell(error.Message);
        }));

        actor.Tell("register");

        Assert.Contains("constructor", probe.ExpectMsg<string>());
    }

    [Theory]
    [InBothWorlds]
    public async Task Unhandled_NoHandler_CountsAllAndLogsEachKindOnce(World world)
    {
        await using TestKit kit = TestKit.In(world);
        IActorRef actor = kit.ActorOf(Scripted.Props(a => a.On<string>(_ => { })));

        actor.Tell(1);
        actor.Tell(2);
        actor.Tell(1.5);

        kit.AwaitCondition(() => kit.System.UnhandledCount == 3, "three unhandled");
        Assert.Single(kit.Log.Containing("System.Int32"));
        Assert.Single(kit.Log.Containing("System.Double"));
    }
}
