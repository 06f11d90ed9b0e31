using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Simulation.Kernel;

/// <summary>
/// The pooled object behind <see cref="Promise{T}"/>. It is rented and taken in actors' turns and completed on any thread. It returns
/// to the pool only when its result was taken; if the awaiting actor died, nobody takes it and the collector does. A late completer
/// holds an old token and is refused by one compare-and-swap, whatever the object is used for by then.
/// </summary>
internal sealed class PromiseSource<T> : TaskSource<T>, ITimerTarget
{
    /// <inheritdoc cref="StateMachineBox{T, TStateMachine}"/>
    private const int MaxPooled = 128;

    private static readonly object Done = new();

    [ThreadStatic] private static PromiseSource<T>? t_free;
    [ThreadStatic] private static int t_freeCount;

    private PromiseSource<T>? _next;

    /// <summary>Twice the token; plus one from the moment a completer has claimed it.</summary>
    private int _state;

    /// <summary>Null, the <see cref="Continuation"/> that waits, or <see cref="Done"/>.</summary>
    private object? _waiter;

    private T _result = default!;
    private Exception? _error;

    internal int Token => _state >> 1;

    internal static PromiseSource<T> Rent()
    {
        PromiseSource<T>? source = t_free;
        if (source is null)
        {
            return new PromiseSource<T>();
        }

        t_free = source._next;
        t_freeCount--;
        source._next = null;
        return source;
    }

    internal override bool IsCompleted(int token) => ReferenceEquals(Volatile.Read(ref _waiter), Done) || token != Token;

    internal override void CheckMayWait()
    {
        ActorCell.RequireCurrent();
        if (Volatile.Read(ref _waiter) is Continuation)
        {
            throw AwaitedTwice();
        }
    }

    internal override void Attach(Continuation waiter)
    {
        if (Interlocked.CompareExchange(ref _waiter, waiter, null) is not null)
        {
            waiter.Owner.Enqueue(waiter);       // completed since we looked
        }
    }

    internal bool TrySetResult(int token, T result)
    {
        if (!TryClaim(token))
        {
            return false;
        }

        _result = result;
        Complete();
        return true;
    }

    internal bool TrySetException(int token, Exception error)
    {
        if (!TryClaim(token))
        {
            return false;
        }

        _error = error;
        Complete();
        return true;
    }

    void ITimerTarget.OnTimer(int token) => TrySetResult(token, default!);

    internal override T Take(int token)
    {
        if (token != Token)
        {
            throw AwaitedTwice();
        }

        if (!ReferenceEquals(Volatile.Read(ref _waiter), Done))
        {
            throw new InvalidOperationException("An ActorTask cannot be waited for; await it.");
        }

        T result = _result;
        Exception? error = _error;
        _result = default!;
        _error = null;
        _waiter = null;
        Volatile.Write(ref _state, (token + 1) << 1);
        if (t_freeCount < MaxPooled)
        {
            t_freeCount++;
            _next = t_free;
            t_free = this;
        }

        if (error is not null)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        return result;
    }

    internal override void Resume() => throw new InvalidOperationException("A promise waits for nothing.");

    private bool TryClaim(int token)
    {
        int unclaimed = token << 1;
        return Volatile.Read(ref _state) == unclaimed && Interlocked.CompareExchange(ref _state, unclaimed | 1, unclaimed) == unclaimed;
    }

    private void Complete()
    {
        // After this exchange the object may already serve somebody else: touch only the local.
        if (Interlocked.Exchange(ref _waiter, Done) is { } waiter)
        {
            Continuation continuation = Unsafe.As<Continuation>(waiter);
            continuation.Owner.Enqueue(continuation);
        }
    }
}
