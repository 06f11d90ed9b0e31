using System.Threading.Tasks.Sources;

namespace Simulation.Nats.Connection;

/// <summary>Wakes one waiting loop, without allocating. A signal that nobody waits for is kept; several are one.</summary>
internal sealed class AsyncSignal : IValueTaskSource
{
    private enum State { Quiet, Signalled, Waiting }

    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private State _state;

    public ValueTask WaitAsync()
    {
        lock (_gate)
        {
            if (_state == State.Signalled)
            {
                _state = State.Quiet;
                return ValueTask.CompletedTask;
            }

            _core.Reset();
            _state = State.Waiting;
            return new ValueTask(this, _core.Version);
        }
    }

    public void Set()
    {
        lock (_gate)
        {
            if (_state != State.Waiting)
            {
                _state = State.Signalled;
                return;
            }

            _state = State.Quiet;
        }

        _core.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
