using Simulation.Testing;

namespace Simulation.Kernel.Tests.Actors;

public sealed class FreezeTests
{
    [Theory]
    [InBothWorlds]
    public async Task Thaw_AfterFreeze_HandlesWhatHasWaitedInOrder(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        TestProbe orders = kit.CreateTestProbe();
        IActorRef parent = ParentOf(kit, probe, orders);
        IActorRef child = probe.ExpectMsg<IActorRef>();

        parent.Tell(new Order(context => context.Freeze(child)));
        orders.ExpectMsgEqual("done");
        child.Tell(1);
        child.Tell(2);
        probe.ExpectNoMsg(TimeSpan.FromMilliseconds(20));
        parent.Tell(new Order(context => context.Thaw(child)));

        orders.ExpectMsgEqual("done");
        probe.ExpectMsgEqual(1);
        probe.ExpectMsgEqual(2);
    }

    [Theory]
    [InBothWorlds]
    public async Task Freeze_LoopWhoseWaitIsOver_GoesOnOnlyAfterThaw(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        TestProbe orders = kit.CreateTestProbe();
        Promise<int> number = Promise<int>.Rent();
        IActorRef parent = ParentOf(kit, probe, orders);
        IActorRef child = probe.ExpectMsg<IActorRef>();
        child.Tell(number);
        probe.ExpectMsgEqual("waits");

        parent.Tell(new Order(context => context.Freeze(child)));
        orders.ExpectMsgEqual("done");
        number.TrySetResult(7);
        probe.ExpectNoMsg(TimeSpan.FromMilliseconds(20));
        parent.Tell(new Order(context => context.Thaw(child)));

        orders.ExpectMsgEqual("done");
        probe.ExpectMsgEqual(7);
    }

    [Theory]
    [InBothWorlds]
    public async Task Kill_FrozenFamily_AllAreGone(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        TestProbe orders = kit.CreateTestProbe();
        IActorRef parent = ParentOf(kit, probe, orders);
        IActorRef child = probe.ExpectMsg<IActorRef>();
        parent.Tell(new Order(context => context.Freeze(child)));
        orders.ExpectMsgEqual("done");
        probe.Watch(child);
        orders.Watch(parent);

        kit.System.Kill(parent);

        probe.ExpectTerminated(child);
        orders.ExpectTerminated(parent);
    }

    private static IActorRef ParentOf(TestKit kit, TestProbe probe, TestProbe orders) => kit.ActorOf(Scripted.Props(parent =>
    {
        probe.Tell(parent.Context.ActorOf(Scripted.Props(child =>
        {
            child.On<int>(number => probe.Tell(number));
            child.On<Promise<int>>(promise => child.Context.Spawn(async () =>
            {
                probe.Tell("waits");
                probe.Tell(await promise.Task);
            }));
        }), "child"));
        parent.On<Order>(order =>
        {
            order.Action(parent.Context);
            orders.Tell("done");
        });
    }));

    private sealed record Order(Action<IActorContext> Action);
}
