using Simulation.Kernel;

namespace Simulation.Chaos;

/// <summary>A fault that has begun and is not over.</summary>
internal sealed class OngoingFault(PlannedFault fault)
{
    private readonly Promise<bool> _end = Promise<bool>.Rent();
    private bool _isOver;

    public PlannedFault Fault => fault;

    /// <summary>Wakes whoever waits for the end; the second time, nobody.</summary>
    public void TellToEnd()
    {
        if (!_isOver)
        {
            _isOver = true;
            _end.TrySetResult(true);
        }
    }

    /// <summary>Waited for once.</summary>
    public ActorTask<bool> EndAsync() => _end.Task;
}
