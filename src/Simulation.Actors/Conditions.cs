using Simulation.Kernel;

namespace Simulation.Actors;

/// <summary>What the loops of one actor wait for: looked at whenever something may have changed, and given up when its time is over.</summary>
internal sealed class Conditions
{
    private readonly List<Waiter> _waiters = [];

    /// <returns>Whether it holds; false when the time is up.</returns>
    public async ActorTask<bool> UntilAsync(IActorContext context, Func<bool> condition, TimeSpan patience)
    {
        if (condition())
        {
            return true;
        }

        var waiter = new Waiter(condition, Promise<bool>.Rent());
        _waiters.Add(waiter);
        context.Spawn(async () =>
        {
            await context.Delay(patience);
            End(waiter, holds: false);
        });
        return await waiter.End.Task;
    }

    /// <summary>Something has changed.</summary>
    public void Review()
    {
        foreach (Waiter waiter in _waiters.Where(waiter => waiter.Condition()).ToArray())
        {
            End(waiter, holds: true);
        }
    }

    private void End(Waiter waiter, bool holds)
    {
        if (_waiters.Remove(waiter))
        {
            waiter.End.TrySetResult(holds);
        }
    }

    private sealed class Waiter(Func<bool> condition, Promise<bool> end)
    {
        public Func<bool> Condition => condition;

        public Promise<bool> End => end;
    }
}
