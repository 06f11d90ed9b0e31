using System.Collections.Concurrent;
using Simulation.Kernel;

namespace Simulation.Persistence;

/// <summary>
/// A thread of a store's own: what is asked of it is done one after another, in the order of asking, and may block. Those who asked await a
/// promise, so that no thread that runs actors ever waits for a disk or a database.
/// </summary>
internal sealed class StoreThread : IAsyncDisposable
{
    private readonly BlockingCollection<Action> _orders = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StoreThread(string name) => new Thread(Work) { IsBackground = true, Name = name }.Start();

    public ActorTask<T> RunAsync<T>(Func<T> work)
    {
        Promise<T> promise = Promise<T>.Rent();
        ActorTask<T> task = promise.Task;
        _orders.Add(() =>
        {
            try
            {
                promise.TrySetResult(work());
            }
            catch (Exception error)
            {
                promise.TrySetException(error);
            }
        });
        return task;
    }

    /// <summary>Does what was asked for so far, this last, and ends.</summary>
    public async ValueTask EndAsync(Action last)
    {
        if (!_orders.IsAddingCompleted)
        {
            _orders.Add(last);
            _orders.CompleteAdding();
        }

        await _ended.Task;
    }

    public ValueTask DisposeAsync() => EndAsync(() => { });

    private void Work()
    {
        try
        {
            foreach (Action order in _orders.GetConsumingEnumerable())
            {
                order();
            }

            _ended.SetResult();
        }
        catch (Exception error)
        {
            _ended.SetException(error);
        }
    }
}
