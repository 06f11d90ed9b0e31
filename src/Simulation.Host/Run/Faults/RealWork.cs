using Simulation.Kernel;

namespace Simulation.Host.Run;

/// <summary>Work of the platform that an actor waits for.</summary>
internal static class RealWork
{
    public static ActorTask<T> RunAsync<T>(Func<Task<T>> work)
    {
        Promise<T> promise = Promise<T>.Rent();
        ActorTask<T> task = promise.Task;
        _ = Task.Run(async () =>
        {
            try
            {
                promise.TrySetResult(await work());
            }
            catch (Exception error)
            {
                promise.TrySetException(error);
            }
        });
        return task;
    }

    public static async ActorTask RunAsync(Func<Task> work) => await RunAsync(async () =>
    {
        await work();
        return true;
    });
}
