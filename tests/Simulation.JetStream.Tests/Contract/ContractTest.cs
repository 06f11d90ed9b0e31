using Simulation.Kernel;

namespace Simulation.JetStream.Tests.Contract;

/// <summary>
/// Base of the contract tests. They know <see cref="IJetStreamConnection"/> and nothing below it, and each runs in every world of
/// <see cref="ContractWorlds"/>: what holds on the servers is what a model has to do.
/// </summary>
public abstract class ContractTest
{
    private static int _scenes;

    public static IEnumerable<object[]> Worlds => ContractWorlds.Names.Select(name => new object[] { name });

    protected static async Task InAsync(string worldName, Func<Scene, ActorTask> body)
    {
        IContractWorld world = await ContractWorlds.OpenAsync(worldName);
        string name = $"T{Interlocked.Increment(ref _scenes)}";
        await world.RunAsync(async (context, connection) =>
        {
            var scene = new Scene(name, world.Version, context, connection);
            await body(scene);
            await scene.CleanUpAsync();
        });
    }
}
