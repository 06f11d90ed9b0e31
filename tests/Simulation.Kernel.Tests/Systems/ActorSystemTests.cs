using Simulation.Testing;

namespace Simulation.Kernel.Tests.Systems;

public sealed class ActorSystemTests
{
    [Theory]
    [InBothWorlds]
    public async Task DisposeAsync_Actors_AllHaveStoppedWhenItReturns(World world)
    {
        TestKit kit = TestKit.In(world);
        int stopped = 0;
        for (int i = 0; i < 20; i++)
        {
            kit.ActorOf(Scripted.Props(a =>
            {
                a.OnStopped = () => Interlocked.Increment(ref stopped);
                a.Context.ActorOf(Scripted.Props(b => b.OnStopped = () => Interlocked.Increment(ref stopped)), "child");
            }));
        }

        await kit.DisposeAsync();

        Assert.Equal(40, stopped);
        Assert.Throws<InvalidOperationException>(() => kit.ActorOf(Scripted.Props(_ => { })));
        await kit.DisposeAsync();       // a second time does nothing
    }

    [Theory]
    [InBothWorlds]
    public async Task StopAsync_HandlerNeverEnds_KillsAndNamesIt(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef stuck = kit.ActorOf(
            Scripted.Props(a => a.OnAsync<string>(async text =>
            {
                probe.Tell(text);
                await Promise<int>.Rent().Task;
            })),
            "stuck");
        stuck.Tell("in hand");
        probe.ExpectMsgEqual("in hand");

        bool graceful = await kit.System.StopAsync(TimeSpan.FromMilliseconds(30));

        Assert.False(graceful);
        Assert.Contains("/stuck", Assert.Single(kit.Log.Containing("Not stopped within")).Message);
    }

    [Theory]
    [InBothWorlds]
    public async Task StopAsync_AllCanStop_IsGraceful(World world)
    {
        await using TestKit kit = TestKit.In(world);
        kit.ActorOf(Scripted.Props(_ => { }));

        Assert.True(await kit.System.StopAsync(TimeSpan.FromSeconds(20)));
    }

    [Theory]
    [InBothWorlds]
    public async Task RunAsync_BodyFails_TheTaskDoes(World world)
    {
        await using TestKit kit = TestKit.In(world);

        Assert.Throws<FormatException>(() => kit.Run(async context =>
        {
            await context.Delay(TimeSpan.FromMilliseconds(1));
            throw new FormatException();
        }));
        Assert.Throws<FormatException>(() => kit.Run(_ => throw new FormatException()));
    }

    [Theory]
    [InBothWorlds]
    public async Task RunAsync_SpawnedLoopFails_TheTaskDoesAndTheBodyRunsOnce(World world)
    {
        await using TestKit kit = TestKit.In(world);
        int runs = 0;

        Assert.Throws<FormatException>(() => kit.Run(async context =>
        {
            runs++;
            context.Spawn(async () =>
            {
                await context.Delay(TimeSpan.FromMilliseconds(1));
                throw new FormatException();
            });
            await Promise<int>.Rent().Task;
        }));

        Assert.Equal(1, runs);
    }

    [Theory]
    [InBothWorlds]
    public async Task RunAsync_SystemStops_TheTaskIsCancelled(World world)
    {
        await using TestKit kit = TestKit.In(world);
        Task<int> never = kit.System.RunAsync(async _ => await Promise<int>.Rent().Task);

        await kit.System.StopAsync(TimeSpan.FromSeconds(20));

        Assert.Throws<OperationCanceledException>(() => kit.Await(never));
    }

    [Theory]
    [InBothWorlds]
    public async Task DeadLetters_Told_AreCountedAndLoggedOncePerType(World world)
    {
        await using TestKit kit = TestKit.In(world);

        kit.System.DeadLetters.Tell(1);
        kit.System.DeadLetters.Tell(2);
        kit.System.DeadLetters.Tell("three");

        Assert.Equal(3, kit.System.DeadLetterCount);
        Assert.Equal(2, kit.Log.Containing("Dead letter").Count);
    }

    [Fact]
    public async Task Create_DispatcherInUse_Throws()
    {
        Dispatcher dispatcher = Dispatchers.Real();
        await using ActorSystem system = ActorSystem.Create("one", dispatcher, 1);

        Assert.Throws<InvalidOperationException>(() => ActorSystem.Create("two", dispatcher, 1));
    }
}
