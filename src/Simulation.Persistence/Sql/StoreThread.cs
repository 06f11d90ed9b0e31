using System.Collections.Concurrent;
using Simulation.Kernel;

namespace Simulation.Persistence;

/// <summary>
/// A thread of a store's own: what is asked of it is done one after another, in the order of asking, and may block. Those who asked await a
/// promise, so that no thread that runs actors ever waits for a disk or a database.
/// </summary>
internal sealed class StoreThread
{
    private readonly BlockingCollection<Action> _orders = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StoreThread(string name) => new Thread(Work) { IsBackground = true, Name = name }.Start();

    /// <returns>Whether the order was taken: none is after the end.</returns>
    public bool TryRun<T>(Func<T> work, out ActorTask<T> result)
    {
        Promise<T> promise = Promise<T>.Rent();
        result = promise.Task;
        return TryAdd(() =>
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
    }

    /// <summary>Does what was asked for so far, this last, and ends.</summary>
    public async ValueTask EndAsync(Action last)
    {
        if (TryAdd(last))
        {
            _orders.CompleteAdding();
        }

        await _ended.Task;
    }

    private bool TryAdd(Action order)
    {
        try
        {
            _orders.Add(order);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false; // Completed, maybe by another thread just now.
        }
    }

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
