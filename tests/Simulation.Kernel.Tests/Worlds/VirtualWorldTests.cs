using Simulation.Testing;

namespace Simulation.Kernel.Tests.Worlds;

public sealed class VirtualWorldTests
{
    private const ulong KnownHash = 16826990240698926689;

    [Fact]
    public void Run_SameSeed_SameHash()
    {
        (ulong hash, string order) = Play(seed: 5);

        Assert.Equal((hash, order), Play(seed: 5));
        Assert.NotEqual(hash, Play(seed: 6).Hash);
    }

    [Fact]
    public void Run_KnownSeed_KnownHash()
    {
        // The same in every process and on every machine. A change of the kernel may change it; a change of anything else must not.
        Assert.Equal(KnownHash, Play(seed: 5).Hash);
    }

    [Fact]
    public void Run_ManySeeds_TiesComeInEveryOrder()
    {
        HashSet<string> orders = [.. Enumerable.Range(0, 200).Select(seed => Ties((ulong)seed))];

        Assert.Equal(6, orders.Count);      // three timers of one instant have six orders
    }

    [Fact]
    public async Task RunUntil_Time_IsTheClocksAlone()
    {
        DateTimeOffset start = new(2031, 2, 3, 4, 5, 6, TimeSpan.Zero);
        VirtualDispatcher world = Dispatchers.Virtual(1, start);
        await using ActorSystem system = ActorSystem.Create("test", world, 1);
        List<TimeSpan> ticks = [];
        system.ActorOf(
            Scripted.Props(a =>
            {
                a.Timers.StartPeriodicTimer("t", "tick", TimeSpan.FromHours(1));
                a.On<string>(_ => ticks.Add(a.Context.Uptime));
            }),
            "clock");

        world.RunUntil(TimeSpan.FromHours(12));

        Assert.Equal(Enumerable.Range(1, 12).Select(hour => TimeSpan.FromHours(hour)), ticks);
        Assert.Equal(start + TimeSpan.FromHours(12), system.Now);
        Assert.Equal(TimeSpan.FromHours(12), world.Elapsed);
        Assert.True(system.IsVirtual);
    }

    [Fact]
    public async Task Run_NothingLeftToHappen_SaysSo()
    {
        await using TestKit kit = TestKit.Virtual();

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => kit.Run(async _ => await Promise<int>.Rent().Task));

        Assert.Contains("Nothing is left", error.Message);
    }

    [Fact]
    public async Task Run_InsideTheLoop_Throws()
    {
        await using TestKit kit = TestKit.Virtual();

        Assert.Throws<InvalidOperationException>(() => kit.Run(_ =>
        {
            kit.Advance(TimeSpan.FromSeconds(1));
            return ActorTask.CompletedTask;
        }));
    }

    [Fact]
    public async Task Tell_FromAnotherThreadWhileItRuns_Throws()
    {
        await using TestKit kit = TestKit.Virtual();
        IActorRef actor = kit.ActorOf(Scripted.Props(_ => { }));
        Exception? seen = null;

        kit.Run(_ =>
        {
            Thread thread = new(() => seen = Record.Exception(() => actor.Tell(1)));
            thread.UnsafeStart();
            thread.Join();
            return ActorTask.CompletedTask;
        });

        Assert.Contains("another thread", Assert.IsType<InvalidOperationException>(seen).Message);
    }

    [Fact]
    public async Task AsyncVoid_ThrowsAtItsStart()
    {
        await using TestKit kit = TestKit.Virtual();

        Assert.Throws<ForeignAwaitException>(() => kit.Run(_ =>
        {
            Void();
            return ActorTask.CompletedTask;
        }));

        static async void Void() => await Task.Yield();
    }

    [Fact]
    public void PlainTask_WantsToContinueInTheLoop_TheLoopThrows()
    {
        TestKit kit = TestKit.Virtual();
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        kit.ActorOf(Scripted.Props(a =>
        {
            _ = Plain();
            a.On<string>(_ => gate.SetResult());

            async Task Plain() => await gate.Task;
        })).Tell("continue");

        Assert.Throws<ForeignAwaitException>(() => kit.Advance(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Run_EndlessLoopInAnInstant_IsFound()
    {
        TestKit kit = TestKit.Virtual();
        kit.VirtualWorld!.MaxStepsOfInstant = 1_000;
        kit.ActorOf(
            Scripted.Props(a =>
            {
                a.OnStarted = () => a.Self.Tell(1);
                a.On<int>(n => a.Self.Tell(n));
            }),
            "dog");

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => kit.Advance(TimeSpan.FromSeconds(1)));

        Assert.Contains("/dog", error.Message);
    }

    [Fact]
    public void Run_SeedsInParallel_EachHasItsHash()
    {
        ulong[] alone = [.. Enumerable.Range(0, 4).Select(seed => Play((ulong)seed).Hash)];
        ulong[] together = new ulong[4];
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(seed => new Thread(() => together[seed] = Play((ulong)seed).Hash))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal(alone, together);
    }

    [Fact]
    public void Run_TwoWorldsByTurnsOnOneThread_EachHasItsHash()
    {
        // They share the thread's pools of tasks and promises.
        Game one = new(3);
        Game other = new(4);
        for (int slice = 1; slice <= 100; slice++)
        {
            one.Kit.VirtualWorld!.RunUntil(TimeSpan.FromMilliseconds(100 * slice));
            other.Kit.VirtualWorld!.RunUntil(TimeSpan.FromMilliseconds(100 * slice));
        }

        Assert.Equal(Play(seed: 3).Hash, one.Kit.VirtualWorld!.TraceHash);
        Assert.Equal(Play(seed: 4).Hash, other.Kit.VirtualWorld!.TraceHash);
    }

    private static (ulong Hash, string Order) Play(ulong seed)
    {
        Game game = new(seed);
        game.Kit.Advance(TimeSpan.FromSeconds(10));
        return (game.Kit.VirtualWorld!.TraceHash, game.Order);
    }

    private static string Ties(ulong seed)
    {
        TestKit kit = TestKit.Virtual(seed);
        string order = "";
        foreach (string name in new[] { "a", "b", "c" })
        {
            kit.ActorOf(
                Scripted.Props(a =>
                {
                    a.Timers.StartSingleTimer("t", "tick", TimeSpan.FromSeconds(1));
                    a.On<string>(_ => order += a.Self.Name);
                }),
                name);
        }

        kit.Advance(TimeSpan.FromSeconds(2));
        return order;
    }

    /// <summary>Actors that chat, wait, draw, fail, restart and are killed.</summary>
    private sealed class Game
    {
        private readonly List<IActorRef> _peers = [];
        private readonly System.Text.StringBuilder _order = new();

        public Game(ulong seed)
        {
            Kit = TestKit.Virtual(seed);
            for (int i = 0; i < 5; i++)
            {
                _peers.Add(Kit.ActorOf(Scripted.Props(Play), $"p{i}"));
            }

            Kit.System.Schedule(TimeSpan.FromSeconds(5), () => Kit.System.Kill(_peers[2]));
        }

        public TestKit Kit { get; }

        public string Order => _order.ToString();

        private void Play(Scripted a)
        {
            a.Timers.StartPeriodicTimer("t", "tick", TimeSpan.FromMilliseconds(100));
            a.On<string>(_ => _peers[a.Context.Random.Next(_peers.Count)].Tell(a.Context.Random.Next(100), a.Self));
            a.OnAsync<int>(async n =>
            {
                _order.Append(a.Self.Name).Append(n).Append(' ');
                await a.Context.Delay(a.Context.Random.Uniform(TimeSpan.Zero, TimeSpan.FromMilliseconds(20)));
                if (n == 13)
                {
                    throw new InvalidOperationException("unlucky");
                }
            });
        }
    }
}
