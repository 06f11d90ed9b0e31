using Simulation.Testing;

namespace Simulation.Kernel.Tests.Worlds;

public sealed class RealWorldTests
{
    private sealed record Numbered(int Sender, int Number);

    [Fact]
    public async Task Mailbox_ManyThreadsTell_NothingLostOrderKeptNeverTwoAtOnce()
    {
        await using TestKit kit = TestKit.Real();
        const int Senders = 8;
        const int Each = 20_000;
        int[] next = new int[Senders];
        int handled = 0;
        int inside = 0;
        bool overlapped = false;
        bool disordered = false;
        TestProbe done = kit.CreateTestProbe();
        IActorRef receiver = kit.ActorOf(Scripted.Props(a => a.On<Numbered>(message =>
        {
            overlapped |= Interlocked.Increment(ref inside) != 1;
            disordered |= next[message.Sender]++ != message.Number;
            Interlocked.Decrement(ref inside);
            if (++handled == Senders * Each)
            {
                done.Tell("all");
            }
        })));

        Thread[] threads = [.. Enumerable.Range(0, Senders).Select(sender => new Thread(() =>
        {
            for (int n = 0; n < Each; n++)
            {
                receiver.Tell(new Numbered(sender, n));
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        done.ExpectMsgEqual("all");
        Assert.False(overlapped);
        Assert.False(disordered);
    }

    /// <summary>One message at a time: every wake-up happens just as the turn before it ends, where one could be lost.</summary>
    [Fact]
    public async Task Wake_AtTheEndOfATurn_IsNeverLost()
    {
        await using TestKit kit = TestKit.Real();
        TestProbe done = kit.CreateTestProbe();
        const int Pairs = 4;
        for (int pair = 0; pair < Pairs; pair++)
        {
            IActorRef pong = kit.ActorOf(Scripted.Props(a => a.On<int>(n => a.Sender!.Tell(n + 1, a.Self))));
            kit.ActorOf(Scripted.Props(a =>
            {
                a.OnStarted = () => pong.Tell(0, a.Self);
                a.On<int>(n =>
                {
                    if (n < 30_000)
                    {
                        pong.Tell(n, a.Self);
                    }
                    else
                    {
                        done.Tell("done");
                    }
                });
            }));
        }

        for (int pair = 0; pair < Pairs; pair++)
        {
            done.ExpectMsgEqual("done");
        }
    }

    /// <summary>The mailbox opens after an await while others tell: the other place where a wake-up could be lost.</summary>
    [Fact]
    public async Task Wake_AsAnAwaitEnds_IsNeverLost()
    {
        await using TestKit kit = TestKit.Real();
        TestProbe done = kit.CreateTestProbe();
        const int Count = 20_000;
        System.Collections.Concurrent.BlockingCollection<Promise<int>> toComplete = [];
        int handled = 0;
        IActorRef receiver = kit.ActorOf(Scripted.Props(a => a.OnAsync<int>(async _ =>
        {
            Promise<int> promise = Promise<int>.Rent();
            ActorTask<int> task = promise.Task;
            toComplete.Add(promise);
            await task;
            if (++handled == Count)
            {
                done.Tell("all");
            }
        })));
        Thread completer = new(() =>
        {
            foreach (Promise<int> promise in toComplete.GetConsumingEnumerable())
            {
                promise.TrySetResult(0);
                receiver.Tell(0);       // exactly then
            }
        });
        completer.Start();

        receiver.Tell(0);

        done.ExpectMsgEqual("all", TimeSpan.FromMinutes(3)); // Forty thousand changes of threads: a busy machine takes its time.
        kit.System.Kill(receiver);
        await kit.System.WhenTerminated(receiver);
        toComplete.CompleteAdding();
        completer.Join();
    }

    /// <summary>More actors than threads that wake each other for ever must not keep a third one waiting for ever.</summary>
    [Fact]
    public async Task Turns_EndlessPingPong_OthersGetTheirs()
    {
        await using TestKit kit = TestKit.Real();
        for (int pair = 0; pair < Environment.ProcessorCount * 2; pair++)
        {
            Props pong = Scripted.Props(a => a.On<string>(text => a.Sender!.Tell(text, a.Self)));
            kit.ActorOf(pong).Tell("ball", kit.ActorOf(pong));
        }

        for (int i = 0; i < 20; i++)
        {
            IActorRef echo = kit.ActorOf(Scripted.Props(a => a.On<int>(n => a.Sender!.Tell(n))));
            Assert.Equal(i, await kit.System.AskAsync<int>(echo, i, TimeSpan.FromSeconds(20)));
        }
    }

    [Fact]
    public async Task Kill_WhileMessagesPourIn_EveryActorEnds()
    {
        await using TestKit kit = TestKit.Real();
        for (int round = 0; round < 200; round++)
        {
            IActorRef parent = kit.ActorOf(Scripted.Props(a =>
            {
                IActorRef child = a.Context.ActorOf(Scripted.Props(b => b.OnAsync<int>(_ => b.Context.Delay(TimeSpan.Zero))), "child");
                a.On<int>(n =>
                {
                    child.Tell(n);
                    a.Context.Spawn(() => a.Context.Delay(TimeSpan.Zero));
                });
            }));
            Thread sender = new(() =>
            {
                for (int i = 0; i < 200; i++)
                {
                    parent.Tell(i);
                }
            });
            sender.Start();

            kit.System.Kill(parent);

            await kit.System.WhenTerminated(parent).WaitAsync(TestKit.DefaultPatience);
            sender.Join();
        }
    }

    [Fact]
    public async Task StartTimer_FromManyThreads_AllFire()
    {
        await using TestKit kit = TestKit.Real();
        using CountdownEvent fired = new(4 * 2_000);

        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            RandomStream random = RandomStream.Derive(1, "delays");
            for (int i = 0; i < 2_000; i++)
            {
                kit.System.Schedule(random.Uniform(TimeSpan.Zero, TimeSpan.FromMilliseconds(50)), () => fired.Signal());
                kit.System.Schedule(TimeSpan.FromHours(1), () => { }).Dispose();
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.True(fired.Wait(TestKit.DefaultPatience));
    }
}
