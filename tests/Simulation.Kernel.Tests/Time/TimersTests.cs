using Simulation.Testing;

namespace Simulation.Kernel.Tests.Time;

public sealed class TimersTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(10);

    [Theory]
    [InBothWorlds]
    public async Task SingleTimer_Fires_Once(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        kit.ActorOf(Scripted.Props(a =>
        {
            a.Timers.StartSingleTimer("t", "tick", Short);
            probe.Tell(a.Timers.IsTimerActive("t"));
            a.On<string>(text =>
            {
                probe.Tell(text);
                probe.Tell(a.Timers.IsTimerActive("t"));
                Assert.Same(a.Self, a.Sender);
            });
        }));

        probe.ExpectMsgEqual(true);
        probe.ExpectMsgEqual("tick");
        probe.ExpectMsgEqual(false);
        probe.ExpectNoMsg(Short * 3);
    }

    [Theory]
    [InBothWorlds]
    public async Task PeriodicTimer_UntilCancelled_Repeats(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        int ticks = 0;
        kit.ActorOf(Scripted.Props(a =>
        {
            a.Timers.StartPeriodicTimer("t", "tick", TimeSpan.Zero, Short);
            a.On<string>(_ =>
            {
                probe.Tell(++ticks);
                if (ticks == 3)
                {
                    a.Timers.Cancel("t");
                }
            });
        }));

        probe.ExpectMsgEqual(1);
        probe.ExpectMsgEqual(2);
        probe.ExpectMsgEqual(3);
        probe.ExpectNoMsg(Short * 3);
    }

    [Theory]
    [InBothWorlds]
    public async Task Cancel_TickIsInTheMailboxAlready_IsNotHandled(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef actor = kit.ActorOf(Scripted.Props(a =>
        {
            a.Timers.StartSingleTimer("t", 1.5, TimeSpan.Zero);
            a.OnAsync<string>(async _ =>
            {
                probe.Tell("holds the mailbox");
                await a.Context.Delay(Short * 2);
                a.Timers.Cancel("t");
            });
            a.On<double>(d => probe.Tell(d));
            a.On<int>(n => probe.Tell(n));
            a.Self.Tell("hold");
        }));
        probe.FishForMessage<string>();

        actor.Tell(1);

        probe.ExpectMsgEqual(1);
    }

    [Theory]
    [InBothWorlds]
    public async Task Start_SameKey_ReplacesTheOld(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        kit.ActorOf(Scripted.Props(a =>
        {
            a.Timers.StartSingleTimer("t", "old", Short);
            a.Timers.StartSingleTimer("t", "new", Short * 2);
            a.On<string>(text => probe.Tell(text));
        }));

        probe.ExpectMsgEqual("new");
        probe.ExpectNoMsg(Short * 3);
    }

    [Theory]
    [InlineData(World.Real, "restart")]
    [InlineData(World.Real, "stop")]
    [InlineData(World.Real, "kill")]
    [InlineData(World.Virtual, "restart")]
    [InlineData(World.Virtual, "stop")]
    [InlineData(World.Virtual, "kill")]
    public async Task Timers_ActorEnds_AreCancelled(World world, string end)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        bool first = true;
        TimeSpan later = TimeSpan.FromSeconds(1); // A busy machine may stand still before the actor ends.
        IActorRef actor = kit.ActorOf(Scripted.Props(a =>
        {
            if (first)
            {
                first = false;
                a.Timers.StartPeriodicTimer("t", 1, later, Short);
                a.Timers.StartSingleTimer("u", 2, later);
            }

            a.OnRestarted = _ => probe.Tell("restarted");
            a.On<int>(n => probe.Tell(n));
            a.On<string>(text => throw new InvalidOperationException(text));
            probe.Tell("made");
        }));
        probe.ExpectMsgEqual("made");

        if (end == "restart")
        {
            actor.Tell("fail");
            probe.ExpectMsgEqual("made");
            probe.ExpectMsgEqual("restarted");
        }
        else
        {
            Action<IActorRef> finish = end == "stop" ? kit.System.Stop : kit.System.Kill;
            finish(actor);
            kit.Await(kit.System.WhenTerminated(actor));
        }

        probe.ExpectNoMsg(later + (Short * 8));
        Assert.Equal(0, kit.System.DeadLetterCount);
    }

    [Fact]
    public async Task PeriodicTimer_SlowActor_NeitherDriftsNorPilesUp()
    {
        await using TestKit kit = TestKit.Virtual();
        List<double> ticks = [];
        kit.ActorOf(Scripted.Props(a =>
        {
            a.Timers.StartPeriodicTimer("t", "tick", TimeSpan.FromSeconds(1));
            a.OnAsync<string>(async _ =>
            {
                ticks.Add(a.Context.Uptime.TotalSeconds);
                await a.Context.Delay(TimeSpan.FromSeconds(ticks.Count == 2 ? 3.5 : 0.3));
            });
        }));

        kit.Advance(TimeSpan.FromSeconds(8.1));

        Assert.Equal([1, 2, 5.5, 6, 7, 8], ticks);
    }

    [Theory]
    [InBothWorlds]
    public async Task Delay_ManyAtOnce_ComeInOrderOfTime(World world)
    {
        await using TestKit kit = TestKit.In(world);
        List<int> order = [];

        kit.Run(async context =>
        {
            foreach (int n in new[] { 5, 1, 4, 2, 3 })
            {
                context.Spawn(async () =>
                {
                    await context.Delay(Short * n * 2);
                    order.Add(n);
                });
            }

            await context.Delay(Short * 15);
        });

        Assert.Equal([1, 2, 3, 4, 5], order);
    }

    [Theory]
    [InBothWorlds]
    public async Task Delay_Zero_LetsMessagesIn(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        bool told = false;
        IActorRef actor = kit.ActorOf(Scripted.Props(a =>
        {
            a.Context.Spawn(async () =>
            {
                while (!told)
                {
                    await a.Context.Delay(TimeSpan.Zero);
                }

                probe.Tell("let in");
            });
            a.On<string>(_ => told = true);
        }));

        actor.Tell("now");

        probe.ExpectMsgEqual("let in");
    }

    [Theory]
    [InBothWorlds]
    public async Task Schedule_DisposedBefore_DoesNotRun(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();

        kit.System.Schedule(Short, () => probe.Tell("runs"));
        kit.System.Schedule(Short, () => probe.Tell("does not")).Dispose();
        kit.System.Schedule(Short, () => throw new InvalidOperationException("scheduled"));

        probe.ExpectMsgEqual("runs");
        probe.ExpectNoMsg(Short * 3);
        Assert.Single(kit.Log.Containing("scheduled callback failed"));
    }
}
