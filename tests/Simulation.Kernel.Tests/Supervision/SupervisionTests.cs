using Simulation.Testing;

namespace Simulation.Kernel.Tests.Supervision;

public sealed class SupervisionTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    /// <summary>A parent with that strategy over one child, which reports its life to the probe, counts messages, and fails on command.</summary>
    private static IActorRef Child(TestKit kit, TestProbe probe, SupervisorStrategy strategy, TestProbe? parentProbe = null)
    {
        kit.ActorOf(
            Scripted.Props(parent =>
            {
                parent.Supervision = strategy;
                parent.OnRestarted = error => parentProbe?.Tell($"parent restarted: {error.Message}");
                probe.Tell(parent.Context.ActorOf(Scripted.Props(child => Misbehave(child, probe)), "child"));
            }),
            "parent");
        return probe.FishForMessage<IActorRef>();
    }

    private static void Misbehave(Scripted child, TestProbe probe)
    {
        int handled = 0;
        child.OnStarted = () => probe.Tell("started");
        child.OnStopped = () => probe.Tell("stopped");
        child.OnIf<string>(text => text == "count", _ => probe.Tell(++handled));
        child.On<string>(text => throw new InvalidOperationException(text));
    }

    [Theory]
    [InBothWorlds]
    public async Task Resume_Failure_KeepsState(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef child = Child(kit, probe, new OneForOneStrategy(_ => Directive.Resume));

        child.Tell("count");
        child.Tell("fail");
        child.Tell("count");

        probe.FishForMessage<int>(n => n == 1);
        probe.ExpectMsgEqual(2);
    }

    [Theory]
    [InBothWorlds]
    public async Task Restart_Failure_NewIncarnationKeepsMailbox(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef child = Child(kit, probe, new OneForOneStrategy(_ => Directive.Restart));

        child.Tell("count");
        child.Tell("fail");
        child.Tell("count");

        probe.FishForMessage<int>(n => n == 1);
        probe.ExpectMsgEqual("stopped");        // the default PreRestart calls PostStop
        probe.ExpectMsgEqual("started");
        probe.ExpectMsgEqual(1);
    }

    [Theory]
    [InBothWorlds]
    public async Task Restart_DuringAnAwait_DropsItAndGoesOnWithTheMailbox(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        Promise<int> inHandler = Promise<int>.Rent();
        Promise<int> inLoop = Promise<int>.Rent();
        bool first = true;
        IActorRef actor = kit.ActorOf(Scripted.Props(a =>
        {
            if (first)
            {
                first = false;
                a.OnStarted = () => a.Context.Spawn(async () =>
                {
                    await inLoop.Task;
                    throw new InvalidOperationException("loop");
                });
            }

            a.OnAsync<string>(async _ =>
            {
                probe.Tell("waits");
                await inHandler.Task;
                probe.Tell("went on");
            });
            a.On<int>(n => probe.Tell(n));
        }));
        actor.Tell("await");
        probe.ExpectMsgEqual("waits");
        actor.Tell(1);

        inLoop.TrySetResult(0);
        probe.ExpectMsgEqual(1);

        Assert.True(inHandler.TrySetResult(0));     // nobody waits for it any more
        actor.Tell(2);
        probe.ExpectMsgEqual(2);
    }

    [Theory]
    [InBothWorlds]
    public async Task Restart_HandlerIsNoAsyncMethod_OldResultDoesNotEndTheNewHandler(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        Promise<Unit> old = Promise<Unit>.Rent();
        Promise<Unit> fresh = Promise<Unit>.Rent();
        Promise<Unit> fail = Promise<Unit>.Rent();
        int incarnation = 0;
        IActorRef actor = kit.ActorOf(Scripted.Props(a =>
        {
            incarnation++;
            if (incarnation == 1)
            {
                a.OnStarted = () => a.Context.Spawn(async () =>
                {
                    await fail.Task;
                    throw new InvalidOperationException("loop");
                });
            }

            a.OnAsync<string>(_ =>
            {
                probe.Tell($"waits {incarnation}");
                return incarnation == 1 ? old.Task : fresh.Task;
            });
            a.On<int>(n => probe.Tell(n));
        }));
        actor.Tell("await");
        probe.ExpectMsgEqual("waits 1");
        fail.TrySetResult(default);
        actor.Tell("await");
        probe.ExpectMsgEqual("waits 2");
        actor.Tell(1);

        old.TrySetResult(default);
        probe.ExpectNoMsg(Moment);

        fresh.TrySetResult(default);
        probe.ExpectMsgEqual(1);
    }

    [Theory]
    [InBothWorlds]
    public async Task Restart_WithChildren_StopsThemFirst(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef actor = kit.ActorOf(Scripted.Props(a =>
        {
            a.OnStarted = () =>
            {
                probe.Tell("parent started");
                a.Context.ActorOf(Scripted.Props(b => b.OnStopped = () => probe.Tell("child stopped")), "same-name");
            };
            a.On<string>(text => throw new InvalidOperationException(text));
        }));
        probe.ExpectMsgEqual("parent started");

        actor.Tell("fail");

        probe.ExpectMsgEqual("child stopped");
        probe.ExpectMsgEqual("parent started");
    }

    [Theory]
    [InBothWorlds]
    public async Task Restart_KillsItsChildren_TheirNamesAreFreeForTheNewIncarnation(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef actor = kit.ActorOf(Scripted.Props(a =>
        {
            IActorRef child = a.Context.ActorOf(Scripted.Props(b => b.OnStopped = () => probe.Tell("cleaned up")), "child");
            a.OnRestarting = (_, _) => a.Context.Kill(child);
            a.OnStarted = () => probe.Tell("started");
            a.On<string>(text => throw new InvalidOperationException(text));
        }));
        probe.ExpectMsgEqual("started");

        actor.Tell("fail");

        probe.ExpectMsgEqual("started");
        Assert.Single(kit.Log.Containing("restarts"));
    }

    [Theory]
    [InBothWorlds]
    public async Task Restart_HooksGetReasonAndMessage(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef actor = kit.ActorOf(Scripted.Props(a =>
        {
            a.OnRestarting = (reason, message) => probe.Tell($"{reason.Message} on {message}");
            a.OnRestarted = reason => probe.Tell($"again after {reason.Message}");
            a.On<int>(_ => throw new InvalidOperationException("boom"));
        }));

        actor.Tell(42);

        probe.ExpectMsgEqual("boom on 42");
        probe.ExpectMsgEqual("again after boom");
    }

    [Theory]
    [InBothWorlds]
    public async Task Stop_Failure_StopsTheChild(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        TestProbe watcher = kit.CreateTestProbe();
        IActorRef child = Child(kit, probe, new OneForOneStrategy(_ => Directive.Stop));
        watcher.Watch(child);

        child.Tell("fail");

        watcher.ExpectTerminated(child);
        probe.FishForMessage<string>(text => text == "stopped");
    }

    [Theory]
    [InBothWorlds]
    public async Task Escalate_Failure_ParentFailsInItsPlace(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        TestProbe top = kit.CreateTestProbe();

        // Over the parent stands one that restarts: without it the root would take an escalated failure for the system's.
        kit.ActorOf(
            Scripted.Props(grandparent => grandparent.Context.ActorOf(
                Scripted.Props(parent =>
                {
                    parent.Supervision = new OneForOneStrategy(_ => Directive.Escalate);
                    parent.OnRestarted = error => top.Tell(error.Message);
                    IActorRef child = parent.Context.ActorOf(Scripted.Props(c => Misbehave(c, probe)), "child");
                    parent.On<string>(text => child.Tell(text));
                    top.Tell(parent.Self);
                }),
                "parent")),
            "grandparent");
        IActorRef escalating = top.ExpectMsg<IActorRef>();

        escalating.Tell("fail");

        top.ExpectMsg<IActorRef>();         // the new incarnation's constructor
        top.ExpectMsgEqual("fail");
        probe.FishForMessage<string>(text => text == "stopped");
        probe.ExpectMsgEqual("started");
        Assert.False(kit.System.WhenFailed.IsCompleted);
    }

    [Theory]
    [InBothWorlds]
    public async Task Escalate_AboveResumes_FailedChildGoesOn(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        kit.ActorOf(Scripted.Props(grandparent =>
        {
            grandparent.Supervision = new OneForOneStrategy(_ => Directive.Resume);
            grandparent.Context.ActorOf(
                Scripted.Props(parent =>
                {
                    parent.Supervision = new OneForOneStrategy(_ => Directive.Escalate);
                    probe.Tell(parent.Context.ActorOf(Scripted.Props(c => Misbehave(c, probe)), "child"));
                }),
                "parent");
        }));
        IActorRef child = probe.FishForMessage<IActorRef>();

        child.Tell("count");
        child.Tell("fail");
        child.Tell("count");

        probe.FishForMessage<int>(n => n == 1);
        probe.ExpectMsgEqual(2);
    }

    [Theory]
    [InBothWorlds]
    public async Task Escalate_PastTheLastSupervisor_SystemFailsAndStops(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef child = Child(kit, probe, new OneForOneStrategy(_ => Directive.Escalate));

        child.Tell("the end");

        kit.AwaitCondition(() => kit.System.WhenFailed.IsCompleted, "the system fails");
        Assert.Equal("the end", (await kit.System.WhenFailed).Message);
        kit.Await(kit.System.WhenTerminated());
    }

    [Theory]
    [InBothWorlds]
    public async Task Decider_Throws_Escalates(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef child = Child(kit, probe, new OneForOneStrategy(_ => throw new FormatException("decider")));

        child.Tell("child");

        kit.AwaitCondition(() => kit.System.WhenFailed.IsCompleted, "the system fails");
        AggregateException error = Assert.IsType<AggregateException>(await kit.System.WhenFailed);
        Assert.Equal(["child", "decider"], error.InnerExceptions.Select(inner => inner.Message));
    }

    [Theory]
    [InBothWorlds]
    public async Task Restart_MoreOftenThanTheLimit_Stops(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        TestProbe watcher = kit.CreateTestProbe();
        IActorRef child = Child(kit, probe, new OneForOneStrategy(_ => Directive.Restart, MaxRetries: 2));
        watcher.Watch(child);

        child.Tell("fail 1");
        child.Tell("fail 2");
        child.Tell("count");
        probe.FishForMessage<int>();
        child.Tell("fail 3");

        watcher.ExpectTerminated(child);
        Assert.Single(kit.Log.Containing("too often"));
    }

    [Fact]
    public async Task Restart_LimitWithinAWindow_OldFailuresAreForgotten()
    {
        await using TestKit kit = TestKit.Virtual();
        TestProbe probe = kit.CreateTestProbe();
        TestProbe watcher = kit.CreateTestProbe();
        IActorRef child = Child(kit, probe, new OneForOneStrategy(_ => Directive.Restart, MaxRetries: 1, Within: TimeSpan.FromSeconds(10)));
        watcher.Watch(child);

        for (int i = 0; i < 5; i++)
        {
            child.Tell("fail");
            kit.Advance(TimeSpan.FromSeconds(11));
        }

        child.Tell("count");
        probe.FishForMessage<int>();
        child.Tell("fail");
        child.Tell("fail");
        watcher.ExpectTerminated(child);
    }

    [Fact]
    public async Task Restart_Backoff_DoublesWithJitterToTheMaximumAndStartsAgainAfterQuiet()
    {
        await using TestKit kit = TestKit.Virtual();
        TestProbe probe = kit.CreateTestProbe();
        IActorRef child = Child(kit, probe, new OneForOneStrategy(_ => Directive.Restart, MaxRetries: -1)
        {
            MinBackoff = TimeSpan.FromSeconds(1),
            MaxBackoff = TimeSpan.FromSeconds(4),
        });
        probe.ExpectMsgEqual("started");

        foreach (int seconds in new[] { 1, 2, 4, 4 })
        {
            AssertPause(seconds);
        }

        kit.Advance(TimeSpan.FromSeconds(9));
        AssertPause(1);

        void AssertPause(int seconds)
        {
            TimeSpan failedAt = kit.System.Uptime;
            child.Tell("fail");
            probe.ExpectMsgEqual("stopped");
            Assert.Equal(failedAt, kit.System.Uptime);      // the old incarnation ends at once
            probe.ExpectMsgEqual("started");
            TimeSpan pause = kit.System.Uptime - failedAt;
            Assert.InRange(pause.TotalSeconds, seconds / 2.0, seconds);
        }
    }

    [Fact]
    public async Task Stop_DuringBackoff_EndsAtOnce()
    {
        await using TestKit kit = TestKit.Virtual();
        TestProbe probe = kit.CreateTestProbe();
        TestProbe watcher = kit.CreateTestProbe();
        IActorRef child = Child(kit, probe, new OneForOneStrategy(_ => Directive.Restart) { MinBackoff = TimeSpan.FromMinutes(1), MaxBackoff = TimeSpan.FromMinutes(1) });
        watcher.Watch(child);
        child.Tell("fail");
        kit.Advance(TimeSpan.FromSeconds(1));

        kit.System.Stop(child);

        watcher.ExpectTerminated(child, TimeSpan.FromSeconds(1));
        kit.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(["started", "stopped"], Drain(probe));
    }

    [Theory]
    [InBothWorlds]
    public async Task Constructor_FailsAtFirst_IsTriedAgain(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        int attempts = 0;
        IActorRef actor = kit.ActorOf(Scripted.Props(a =>
        {
            if (++attempts < 3)
            {
                throw new InvalidOperationException($"attempt {attempts}");
            }

            a.On<string>(text => probe.Tell(text));
        }));

        actor.Tell("it lives");

        probe.ExpectMsgEqual("it lives");
        Assert.Equal(3, attempts);
    }

    [Theory]
    [InBothWorlds]
    public async Task Props_SameActorTwice_IsRefused(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe watcher = kit.CreateTestProbe();
        Scripted? only = null;
        IActorRef actor = kit.ActorOf(Kernel.Props.Create(() => only ??= new Scripted(a => a.On<string>(text => throw new InvalidOperationException(text)))));
        watcher.Watch(actor);

        actor.Tell("fail");

        watcher.ExpectTerminated(actor);        // every attempt to restart it fails, until the limit
        Assert.Contains(kit.Log.Entries, entry => entry.Error?.Message.Contains("new actor each time", StringComparison.Ordinal) == true);
    }

    private static string[] Drain(TestProbe probe)
    {
        List<string> all = [];
        while (probe.Waiting > 0)
        {
            all.Add(probe.ExpectMsg<string>());
        }

        return [.. all];
    }
}
