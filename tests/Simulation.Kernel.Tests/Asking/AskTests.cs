using Simulation.Testing;

namespace Simulation.Kernel.Tests.Asking;

public sealed class AskTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    private static Props Oracle(TestProbe? askers = null) => Scripted.Props(a =>
    {
        a.On<int>(n => a.Sender!.Tell(n * 2));
        a.On<string>(text => a.Sender!.Tell(new Status.Failure(new FormatException(text))));
        a.On<double>(_ => askers?.Tell(a.Sender!));
    });

    [Theory]
    [InBothWorlds]
    public async Task Ask_Answer_ComesBack(World world)
    {
        await using TestKit kit = TestKit.In(world);
        IActorRef oracle = kit.ActorOf(Oracle());

        Assert.Equal(42, kit.Run(async context => await context.Ask<int>(oracle, 21, Patience)));
        Assert.Equal(42, kit.Await(kit.System.AskAsync<int>(oracle, 21, Patience)));
    }

    [Theory]
    [InBothWorlds]
    public async Task Ask_Failure_ThrowsItsCause(World world)
    {
        await using TestKit kit = TestKit.In(world);
        IActorRef oracle = kit.ActorOf(Oracle());

        Assert.Throws<FormatException>(() => kit.Run(async context => await context.Ask<int>(oracle, "why", Patience)));
        Assert.Throws<FormatException>(() => kit.Await(kit.System.AskAsync<int>(oracle, "why", Patience)));
    }

    [Theory]
    [InBothWorlds]
    public async Task Ask_AnswerOfAnotherType_ThrowsWithBothNames(World world)
    {
        await using TestKit kit = TestKit.In(world);
        IActorRef oracle = kit.ActorOf(Oracle());

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => kit.Run(async context => await context.Ask<string>(oracle, 1, Patience)));

        Assert.Contains("Int32", error.Message);
        Assert.Contains("String", error.Message);
    }

    [Theory]
    [InBothWorlds]
    public async Task Ask_NoAnswer_TimesOutAndALateOneIsADeadLetter(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe askers = kit.CreateTestProbe();
        IActorRef oracle = kit.ActorOf(Oracle(askers), "oracle");

        AskTimeoutException error = Assert.Throws<AskTimeoutException>(
            () => kit.Run(async context => await context.Ask<int>(oracle, 1.5, Short)));
        askers.ExpectMsg<IActorRef>().Tell(1);

        Assert.Contains("/oracle", error.Message);
        Assert.Equal(1, kit.System.DeadLetterCount);
        Assert.Throws<AskTimeoutException>(() => kit.Await(kit.System.AskAsync<int>(oracle, 1.5, Short)));
    }

    [Theory]
    [InBothWorlds]
    public async Task Ask_DeadActor_TimesOut(World world)
    {
        await using TestKit kit = TestKit.In(world);
        IActorRef oracle = kit.ActorOf(Oracle());
        kit.System.Kill(oracle);

        Assert.Throws<AskTimeoutException>(() => kit.Run(async context => await context.Ask<int>(oracle, 1, Short)));
    }
}
