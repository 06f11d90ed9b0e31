using Simulation.Testing;

namespace Simulation.Kernel.Tests.Tasks;

public sealed class PromiseTests
{
    [Theory]
    [InBothWorlds]
    public async Task TrySetResult_BeforeAndAfterTheAwait_IsSeen(World world)
    {
        await using TestKit kit = TestKit.In(world);

        int sum = kit.Run(async context =>
        {
            Promise<int> early = Promise<int>.Rent();
            Assert.True(early.TrySetResult(1));
            int first = await early.Task;

            Promise<int> late = Promise<int>.Rent();
            context.Spawn(async () =>
            {
                await context.Delay(TimeSpan.FromMilliseconds(1));
                Assert.True(late.TrySetResult(2));
                Assert.False(late.TrySetResult(3));
                Assert.False(late.TrySetException(new FormatException()));
            });
            return first + await late.Task;
        });

        Assert.Equal(3, sum);
    }

    [Theory]
    [InBothWorlds]
    public async Task TrySetException_IsThrownAtTheAwait(World world)
    {
        await using TestKit kit = TestKit.In(world);

        Assert.Throws<FormatException>(() => kit.Run(async _ =>
        {
            Promise<int> promise = Promise<int>.Rent();
            promise.TrySetException(new FormatException());
            await promise.Task;
        }));
    }

    [Theory]
    [InBothWorlds]
    public async Task TrySetResult_LateOnAReusedObject_DoesNotReachTheSuccessor(World world)
    {
        await using TestKit kit = TestKit.In(world);

        string result = kit.Run(async _ =>
        {
            Promise<string> first = Promise<string>.Rent();
            first.TrySetResult("first");
            await first.Task;

            Promise<string> second = Promise<string>.Rent();        // the same object: the pool is a stack
            bool lateWasTaken = first.TrySetResult("late");
            Assert.False(lateWasTaken);
            second.TrySetResult("second");
            return await second.Task;
        });

        Assert.Equal("second", result);
    }

    [Fact]
    public void Default_CompletesNothing()
    {
        Assert.False(default(Promise<int>).TrySetResult(1));
        Assert.Throws<InvalidOperationException>(() => default(Promise<int>).Task);
    }

    [Theory]
    [InBothWorlds]
    public async Task Await_AbandonedByAKill_PoolStaysSound(World world)
    {
        await using TestKit kit = TestKit.In(world);
        Promise<int>[] abandoned = new Promise<int>[100];
        for (int i = 0; i < abandoned.Length; i++)
        {
            abandoned[i] = Promise<int>.Rent();
        }

        TestProbe probe = kit.CreateTestProbe();
        IActorRef actor = kit.ActorOf(Scripted.Props(a =>
        {
            foreach (Promise<int> promise in abandoned)
            {
                a.Context.Spawn(async () => probe.Tell(await promise.Task));
            }

            probe.Tell("spawned");
        }));
        probe.ExpectMsgEqual("spawned");
        kit.System.Kill(actor);
        kit.Await(kit.System.WhenTerminated(actor));

        Promise<int>[] rented = [.. abandoned.Select(_ => Promise<int>.Rent())];
        Array.ForEach(abandoned, promise => Assert.True(promise.TrySetResult(-1)));
        int sum = kit.Run(async context =>
        {
            int total = 0;
            for (int i = 0; i < rented.Length; i++)
            {
                rented[i].TrySetResult(i);
                total += await rented[i].Task;
            }

            return total;
        });

        Assert.Equal(rented.Length * (rented.Length - 1) / 2, sum);
        Assert.Equal(0, probe.Waiting);
    }

    /// <summary>
    /// Publish pipelining with power cuts: actors with hundreds of loops await promises that a foreign thread completes, and are killed
    /// in the middle. Every result must reach the loop that asked, and only it.
    /// </summary>
    [Fact]
    public async Task TrySetResult_FromAnotherThreadWhileActorsAreKilled_NobodyGetsAnothersResult()
    {
        await using TestKit kit = TestKit.Real();
        using RequestServer server = new();
        long wrong = 0;
        long right = 0;

        for (int round = 0; round < 30; round++)
        {
            int victimOf = round;
            IActorRef victim = kit.ActorOf(Asking(200, int.MaxValue, null), $"victim-{victimOf}");
            TestProbe done = kit.CreateTestProbe();
            kit.ActorOf(Asking(50, 20, done), $"survivor-{round}");
            done.ExpectMsg<string>();
            kit.System.Kill(victim);
            await kit.System.WhenTerminated(victim);
        }

        Assert.Equal(0, wrong);
        Assert.True(right >= 30 * 50 * 20);

        Props Asking(int loops, int requests, TestProbe? done) => Scripted.Props(a =>
        {
            int running = loops;
            for (int loop = 0; loop < loops; loop++)
            {
                long key = (long)loop << 32;
                a.Context.Spawn(async () =>
                {
                    for (int i = 0; i < requests; i++)
                    {
                        long answer = await server.Ask(key + i);
                        Interlocked.Increment(ref answer == key + i ? ref right : ref wrong);
                    }

                    if (--running == 0)
                    {
                        done?.Tell("done");
                    }
                });
            }
        });
    }

    /// <summary>A thread that answers, as a socket's would; sometimes a second time, too late.</summary>
    private sealed class RequestServer : IDisposable
    {
        private readonly System.Collections.Concurrent.BlockingCollection<(long Key, Promise<long> Answer)> _requests = [];
        private readonly Thread _thread;

        public RequestServer()
        {
            _thread = new Thread(Serve) { IsBackground = true };
            _thread.Start();
        }

        public ActorTask<long> Ask(long key)
        {
            Promise<long> answer = Promise<long>.Rent();
            ActorTask<long> task = answer.Task;
            _requests.Add((key, answer));
            return task;
        }

        public void Dispose()
        {
            _requests.CompleteAdding();
            _thread.Join();
            _requests.Dispose();
        }

        private void Serve()
        {
            Queue<Promise<long>> answered = new();
            foreach ((long key, Promise<long> answer) in _requests.GetConsumingEnumerable())
            {
                answer.TrySetResult(key);
                answered.Enqueue(answer);
                if (answered.Count > 16)
                {
                    answered.Dequeue().TrySetResult(-1);
                }
            }
        }
    }
}
