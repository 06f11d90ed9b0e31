using Simulation.Kernel;
using Simulation.Testing;

namespace Simulation.Persistence.Tests.Scenes;

/// <summary>A place to store things, empty at first, and a world in which actors use it.</summary>
public abstract class StoreScene(TestKit kit) : IAsyncDisposable
{
    public TestKit Kit { get; } = kit;

    /// <summary>As another process would open it.</summary>
    public abstract IPersistenceStore Open();

    /// <summary>Behind the store's back.</summary>
    public abstract void DamageNewestSnapshot(string persistenceId);

    public T Run<T>(Func<ActorTask<T>> body) => Kit.Run(_ => body());

    public void Run(Func<ActorTask> body) => Kit.Run(_ => body());

    public virtual ValueTask DisposeAsync() => Kit.DisposeAsync();
}
