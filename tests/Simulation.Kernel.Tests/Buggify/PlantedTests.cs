using Simulation.Testing;

namespace Simulation.Kernel.Tests.Buggify;

public sealed class PlantedTests
{
    private static readonly HashSet<string> Planted = ["a"];

    [Fact]
    public async Task IsPlanted_RealWorld_NeverIs()
    {
        await using TestKit kit = TestKit.Real();

        Assert.False(kit.Run(context => ActorTask.FromResult(context.IsPlanted("a"))));
    }

    [Fact]
    public void IsPlanted_VirtualWorld_IsWhatItsDispatcherWasTold()
    {
        VirtualDispatcher world = Dispatchers.Virtual(1, planted: Planted);
        ActorSystem.Create("planted", world, 1);

        Assert.True(world.Run(context => ActorTask.FromResult(context.IsPlanted("a"))));
        Assert.False(world.Run(context => ActorTask.FromResult(context.IsPlanted("b"))));
    }

    [Fact]
    public void IsPlanted_NothingPlanted_IsFalse()
    {
        TestKit kit = TestKit.Virtual();

        Assert.False(kit.Run(context => ActorTask.FromResult(context.IsPlanted("a"))));
    }
}
