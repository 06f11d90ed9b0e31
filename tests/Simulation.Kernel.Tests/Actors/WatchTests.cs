using Simulation.Testing;

namespace Simulation.Kernel.Tests.Actors;

public sealed class WatchTests
{
    private static Props Idle => Scripted.Props(a => a.On<string>(text => throw new InvalidOperationException(text)));

    [Theory]
    [InlineData(World.Real, true)]
    [InlineData(World.Real, false)]
    [InlineData(World.Virtual, true)]
    [InlineData(World.Virtual, false)]
    public async Task Watch_StopOrKill_TellsTerminated(World world, bool kill)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef actor = kit.ActorOf(Idle);
        probe.Watch(actor);
        probe.Watch(actor);

        if (kill)
        {
            kit.System.Kill(actor);
        }
        else
        {
            kit.System.Stop(actor);
        }

        probe.ExpectTerminated(actor);
        probe.ExpectNoMsg(TimeSpan.FromMilliseconds(20));       // once, though it was asked for twice
    }

    [Theory]
    [InBothWorlds]
    public async Task Watch_DeadActor_TellsAtOnce(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef actor = kit.ActorOf(Idle);
        kit.System.Stop(actor);
        kit.Await(kit.System.WhenTerminated(actor));

        probe.Watch(actor);

        probe.ExpectTerminated(actor);
    }

    [Theory]
    [InBothWorlds]
    public async Task Watch_Restart_TellsNothing(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef actor = kit.ActorOf(Idle);
        probe.Watch(actor);

        actor.Tell("fail");

        probe.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        kit.System.Stop(actor);
        probe.ExpectTerminated(actor);      // and the watch has outlived the restart
    }

    [Theory]
    [InBothWorlds]
    public async Task Watch_LastWords_ComeBeforeTerminated(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef actor = kit.ActorOf(Scripted.Props(a => a.OnStopped = () => probe.Tell("bye")));
        probe.Watch(actor);

        kit.System.Stop(actor);

        probe.ExpectMsgEqual("bye");
        probe.ExpectTerminated(actor);
    }

    [Theory]
    [InBothWorlds]
    public async Task WatchWith_End_TellsThatMessage(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        kit.ActorOf(Scripted.Props(a =>
        {
            IActorRef child = a.Context.ActorOf(Idle, "child");
            a.Context.WatchWith(child, "child is gone");
            a.Context.Kill(child);
            a.On<string>(text =>
            {
                probe.Tell(text);
                probe.Tell(a.Sender!.Name);
            });
        }));

        probe.ExpectMsgEqual("child is gone");
        probe.ExpectMsgEqual("child");
    }

    [Theory]
    [InBothWorlds]
    public async Task Unwatch_NoticeIsInTheMailboxAlready_IsNotHandled(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        Promise<int> go = Promise<int>.Rent();
        IActorRef watched = kit.ActorOf(Idle);
        IActorRef watcher = kit.ActorOf(Scripted.Props(a =>
        {
            a.Context.Watch(watched);
            a.OnAsync<string>(async text =>
            {
                probe.Tell(text);
                await go.Task;
                a.Context.Unwatch(watched);
            });
            a.On<Terminated>(end => probe.Tell(end));
            a.On<int>(n => probe.Tell(n));
        }));
        watcher.Tell("waits");
        probe.ExpectMsgEqual("waits");
        kit.System.Stop(watched);
        kit.Await(kit.System.WhenTerminated(watched));

        watcher.Tell(1);
        go.TrySetResult(0);

        probe.ExpectMsgEqual(1);
    }

    [Theory]
    [InBothWorlds]
    public async Task Watch_Probe_IsLikeAnyActor(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe watched = kit.CreateTestProbe();
        TestProbe watcher = kit.CreateTestProbe();

        watcher.Watch(watched);
        kit.System.Kill(watched);

        watcher.ExpectTerminated(watched);
    }
}
