using Simulation.Testing;

namespace Simulation.Kernel.Tests.Actors;

public sealed class ContextTests
{
    [Theory]
    [InBothWorlds]
    public async Task Context_InTheConstructor_IsValid(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();

        IActorRef actor = kit.ActorOf(Scripted.Props(a =>
        {
            a.Context.ActorOf(Scripted.Props(_ => { }), "b");
            a.Context.ActorOf(Scripted.Props(_ => { }), "a");
            probe.Tell(a.Self);
            probe.Tell(string.Join(" ", a.Context.Children.Select(child => child.Path)));
            probe.Tell(a.Context.Child("a")!.Name);
        }), "parent");

        Assert.Same(actor, probe.ExpectMsg<IActorRef>());
        probe.ExpectMsgEqual("/parent/b /parent/a");
        probe.ExpectMsgEqual("a");
    }

    [Fact]
    public void Constructor_OutsideOfActorOf_Throws() => Assert.Throws<InvalidOperationException>(() => new Scripted(_ => { }));

    [Theory]
    [InBothWorlds]
    public async Task Constructor_SecondActorInside_Throws(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();

        kit.ActorOf(Scripted.Props(_ => probe.Tell(Assert.Throws<InvalidOperationException>(() => new Scripted(_ => { })))));

        probe.ExpectMsg<InvalidOperationException>();
    }

    [Theory]
    [InBothWorlds]
    public async Task ActorOf_NameInUse_Throws(World world)
    {
        await using TestKit kit = TestKit.In(world);
        kit.ActorOf(Scripted.Props(_ => { }), "one");

        Assert.Throws<InvalidOperationException>(() => kit.ActorOf(Scripted.Props(_ => { }), "one"));
        Assert.Throws<ArgumentException>(() => kit.ActorOf(Scripted.Props(_ => { }), "a/b"));
    }

    [Theory]
    [InBothWorlds]
    public async Task ActorOf_NameOfOneThatTerminated_IsFree(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef first = kit.ActorOf(Scripted.Props(_ => { }), "one");
        probe.Watch(first);
        kit.System.Stop(first);
        probe.ExpectTerminated(first);

        IActorRef second = kit.ActorOf(Scripted.Props(a => a.On<string>(_ => a.Sender!.Tell("second"))), "one");

        probe.Send(second, "who");
        probe.ExpectMsgEqual("second");
    }

    [Theory]
    [InBothWorlds]
    public async Task Context_OutsideOfTheTurn_Throws(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        kit.ActorOf(Scripted.Props(a => probe.Tell(a.Context)));

        IActorContext leaked = probe.ExpectMsg<IActorContext>();

        Assert.Throws<InvalidOperationException>(() => leaked.Spawn(() => default));
        Assert.Throws<InvalidOperationException>(() => leaked.Delay(TimeSpan.Zero));
        Assert.Throws<InvalidOperationException>(() => leaked.Watch(probe));
        Assert.Throws<InvalidOperationException>(() => leaked.ActorOf(Scripted.Props(_ => { }), "child"));
        Assert.Throws<InvalidOperationException>(() => leaked.Timers.StartSingleTimer("t", "m", TimeSpan.Zero));
    }

    [Theory]
    [InBothWorlds]
    public async Task Random_SameSeedAndPath_SameStream(World world)
    {
        ulong first = await DrawAsync(world, 7, "a");

        Assert.Equal(first, await DrawAsync(world, 7, "a"));
        Assert.NotEqual(first, await DrawAsync(world, 7, "b"));
        Assert.NotEqual(first, await DrawAsync(world, 8, "a"));
    }

    [Theory]
    [InBothWorlds]
    public async Task Now_AndUptime_GoForwardTogether(World world)
    {
        await using TestKit kit = TestKit.In(world);

        (TimeSpan wall, TimeSpan uptime) = kit.Run(async context =>
        {
            DateTimeOffset now = context.Now;
            TimeSpan before = context.Uptime;
            await context.Delay(TimeSpan.FromMilliseconds(30));
            return (context.Now - now, context.Uptime - before);
        });

        Assert.True(uptime >= TimeSpan.FromMilliseconds(30), $"{uptime}");
        Assert.True(wall >= TimeSpan.FromMilliseconds(30), $"{wall}");
    }

    private static async Task<ulong> DrawAsync(World world, ulong seed, string name)
    {
        await using TestKit kit = TestKit.In(world, seed);
        TestProbe probe = kit.CreateTestProbe();
        kit.ActorOf(Scripted.Props(a => probe.Tell(a.Context.Random.NextUInt64())), name);
        return probe.ExpectMsg<ulong>();
    }
}
