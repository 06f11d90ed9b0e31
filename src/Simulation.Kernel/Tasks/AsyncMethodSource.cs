using System.Runtime.ExceptionServices;

namespace Simulation.Kernel;

/// <summary>
/// An async method in flight. It starts, continues and completes inside turns of one actor, so nothing here needs to be atomic, and
/// completing it resumes whoever awaits it at once, within the same turn.
/// </summary>
internal abstract class AsyncMethodSource<T> : TaskSource<T>
{
    private Continuation? _waiter;
    private Exception? _error;
    private T _result = default!;
    private bool _done;

    internal int Token { get; private set; }

    internal override bool IsCompleted(int token) => _done || token != Token;

    internal override void CheckMayWait()
    {
        ActorCell current = ActorCell.RequireCurrent();
        if (!ReferenceEquals(current, Owner) || current.Epoch != Epoch)
        {
            throw new InvalidOperationException(
                $"{current.Path} awaited an async method that {Owner.Path} started. A method goes on in the actor (and incarnation) that started it: share a Promise instead.");
        }

        if (_waiter is not null)
        {
            throw AwaitedTwice();
        }
    }

    internal override void Attach(Continuation waiter) => _waiter = waiter;

    internal void SetResult(T result)
    {
        _result = result;
        Complete();
    }

    internal void SetException(Exception error)
    {
        _error = error;
        Complete();
    }

    internal override T Take(int token)
    {
        if (token != Token)
        {
            throw AwaitedTwice();
        }

        if (!_done)
        {
            throw new InvalidOperationException("An ActorTask cannot be waited for; await it.");
        }

        T result = _result;
        Exception? error = _error;
        Token++;
        _done = false;
        _waiter = null;
        _error = null;
        _result = default!;
        Recycle();
        if (error is not null)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        return result;
    }

    /// <summary>Nobody refers to this use any more: back into the pool.</summary>
    protected abstract void Recycle();

    private void Complete()
    {
        _done = true;
        _waiter?.Resume();
    }
}
