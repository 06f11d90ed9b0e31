using Simulation.Testing;

namespace Simulation.Kernel.Tests.Actors;

public sealed class SpawnTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    [Theory]
    [InBothWorlds]
    public async Task Spawn_LoopAndMessages_InterleaveAtAwaits(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        Promise<string> gate = Promise<string>.Rent();
        IActorRef actor = kit.ActorOf(Scripted.Props(a =>
        {
            a.OnStarted = () => a.Context.Spawn(async () => probe.Tell(await gate.Task));
            a.OnAsync<int>(async _ =>
            {
                gate.TrySetResult("loop");
                await a.Context.Delay(Tick);
                probe.Tell("handler");
            });
        }));

        actor.Tell(1);

        probe.ExpectMsgEqual("loop");       // went on while the handler awaited
        probe.ExpectMsgEqual("handler");
    }

    [Theory]
    [InBothWorlds]
    public async Task Spawn_LoopFails_ActorRestarts(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        int starts = 0;
        kit.ActorOf(Scripted.Props(a => a.OnStarted = () =>
        {
            probe.Tell(++starts);
            if (starts == 1)
            {
                a.Context.Spawn(async () =>
                {
                    await a.Context.Delay(Tick);
                    throw new InvalidOperationException("loop");
                });
            }
        }));

        probe.ExpectMsgEqual(1);
        probe.ExpectMsgEqual(2);
    }

    [Theory]
    [InBothWorlds]
    public async Task Spawn_FailsBeforeItsFirstAwait_ActorRestarts(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef actor = kit.ActorOf(Scripted.Props(a =>
        {
            a.On<string>(_ =>
            {
                try
                {
                    a.Context.Spawn(() => throw new InvalidOperationException("at once"));
                }
                catch (InvalidOperationException)
                {
                    probe.Tell("not the spawner's to catch");
                }
            });
            a.OnRestarted = error => probe.Tell(error.Message);
        }));

        actor.Tell("go");

        probe.ExpectMsgEqual("at once");
    }

    [Theory]
    [InlineData(World.Real, "restart")]
    [InlineData(World.Real, "stop")]
    [InlineData(World.Real, "kill")]
    [InlineData(World.Virtual, "restart")]
    [InlineData(World.Virtual, "stop")]
    [InlineData(World.Virtual, "kill")]
    public async Task Spawn_ActorEnds_NoCodeAfterTheAwaitRuns(World world, string end)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        TestProbe watcher = kit.CreateTestProbe();
        Promise<int> gate = Promise<int>.Rent();
        bool first = true;
        IActorRef actor = kit.ActorOf(Scripted.Props(a =>
        {
            if (first)
            {
                first = false;
                a.OnStarted = () =>
                {
                    a.Context.Spawn(async () =>
                    {
                        try
                        {
                            await gate.Task;
                            probe.Tell("after");
                        }
                        finally
                        {
                            probe.Tell("finally");
                        }
                    });
                    watcher.Tell("waits");
                };
            }

            a.OnRestarted = _ => watcher.Tell("restarted");
            a.On<string>(text => throw new InvalidOperationException(text));
        }));
        watcher.ExpectMsgEqual("waits");
        watcher.Watch(actor);

        switch (end)
        {
            case "restart":
                actor.Tell("fail");
                watcher.ExpectMsgEqual("restarted");
                break;
            case "stop":
                kit.System.Stop(actor);
                watcher.ExpectTerminated(actor);
                break;
            default:
                kit.System.Kill(actor);
                watcher.ExpectTerminated(actor);
                break;
        }

        Assert.True(gate.TrySetResult(1));
        probe.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }
}
