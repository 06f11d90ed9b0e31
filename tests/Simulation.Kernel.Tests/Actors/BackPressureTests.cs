using Simulation.Testing;

namespace Simulation.Kernel.Tests.Actors;

public sealed class BackPressureTests
{
    [Theory]
    [InBothWorlds]
    public async Task TellAsync_FastSendersSlowReceiver_MailboxStaysNearItsBoundAndNothingIsLost(World world)
    {
        await using TestKit kit = TestKit.In(world);
        const int Senders = 8;
        const int Each = 200;
        const int Capacity = 10;
        int sent = 0;
        int handled = 0;
        int most = 0;
        TestProbe done = kit.CreateTestProbe();
        IActorRef receiver = kit.ActorOf(
            Scripted.Props(a => a.OnAsync<int>(async n =>
            {
                most = Math.Max(most, Volatile.Read(ref sent) - handled);
                if (++handled % 16 == 0)
                {
                    await a.Context.Delay(TimeSpan.FromTicks(1));
                }

                if (handled == Senders * Each)
                {
                    done.Tell("all");
                }
            })).WithMailboxCapacity(Capacity));
        for (int i = 0; i < Senders; i++)
        {
            kit.ActorOf(Scripted.Props(a => a.Context.Spawn(async () =>
            {
                for (int n = 0; n < Each; n++)
                {
                    Interlocked.Increment(ref sent);
                    await a.Context.TellAsync(receiver, n);
                }
            })));
        }

        done.ExpectMsgEqual("all");

        Assert.InRange(most, 1, Capacity + Senders + 1);
    }

    [Theory]
    [InBothWorlds]
    public async Task Tell_FullMailbox_IsNeverHeldBack(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe done = kit.CreateTestProbe();
        int handled = 0;
        IActorRef receiver = kit.ActorOf(
            Scripted.Props(a => a.On<int>(_ =>
            {
                if (++handled == 1000)
                {
                    done.Tell("all");
                }
            })).WithMailboxCapacity(1));

        for (int i = 0; i < 1000; i++)
        {
            receiver.Tell(i);
        }

        done.ExpectMsgEqual("all");
    }

    [Theory]
    [InlineData(World.Real, true)]
    [InlineData(World.Real, false)]
    [InlineData(World.Virtual, true)]
    [InlineData(World.Virtual, false)]
    public async Task TellAsync_ReceiverEnds_LetsSendersGo(World world, bool kill)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        Promise<int> go = Promise<int>.Rent();
        IActorRef receiver = kit.ActorOf(
            Scripted.Props(a => a.OnAsync<int>(async n =>
            {
                probe.Tell("busy");
                await go.Task;
            })).WithMailboxCapacity(1));
        kit.ActorOf(Scripted.Props(a => a.Context.Spawn(async () =>
        {
            for (int i = 0; i < 5; i++)
            {
                await a.Context.TellAsync(receiver, i);
            }

            probe.Tell("sent");
        })));
        probe.ExpectMsgEqual("busy");
        probe.ExpectNoMsg(TimeSpan.FromMilliseconds(20));

        if (kill)
        {
            kit.System.Kill(receiver);
        }
        else
        {
            kit.System.Stop(receiver);
            go.TrySetResult(0);
        }

        probe.ExpectMsgEqual("sent");
    }

    [Theory]
    [InBothWorlds]
    public async Task TellAsync_Unbounded_DoesNotWait(World world)
    {
        await using TestKit kit = TestKit.In(world);
        IActorRef receiver = kit.ActorOf(Scripted.Props(a => a.OnAny(_ => { })));

        Assert.True(kit.Run(context => ActorTask.FromResult(context.TellAsync(receiver, 1).IsCompleted)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Scripted.Props(_ => { }).WithMailboxCapacity(0));
    }
}
