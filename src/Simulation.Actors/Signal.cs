using Simulation.Kernel;

namespace Simulation.Actors;

/// <summary>Wakes the one loop of an actor that waits for it; nobody waiting, it is forgotten.</summary>
internal sealed class Signal
{
    private Promise<bool>? _waiter;

    public ActorTask<bool> WaitAsync()
    {
        Promise<bool> waiter = Promise<bool>.Rent();
        _waiter = waiter;
        return waiter.Task;
    }

    public void Set()
    {
        if (_waiter is { } waiter)
        {
            _waiter = null;
            waiter.TrySetResult(true);
        }
    }
}
