using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Simulation.Kernel;

/// <summary>Lets the compiler make <c>async ActorTask&lt;T&gt;</c> methods.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct ActorTaskBuilder<T>
{
    private TaskSource<T>? _source;
    private T _result;

    public static ActorTaskBuilder<T> Create() => default;

    public readonly ActorTask<T> Task => _source switch
    {
        null => new ActorTask<T>(_result),
        AsyncMethodSource<T> method => new ActorTask<T>(method, method.Token),
        _ => new ActorTask<T>(_source, 0),
    };

    [DebuggerStepThrough]
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    public void SetResult(T result)
    {
        if (_source is null)
        {
            _result = result;
        }
        else
        {
            Unsafe.As<AsyncMethodSource<T>>(_source).SetResult(result);
        }
    }

    public void SetException(Exception exception)
    {
        if (_source is null)
        {
            _source = new FailedSource<T>(exception);
        }
        else
        {
            Unsafe.As<AsyncMethodSource<T>>(_source).SetException(exception);
        }
    }

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => throw new ForeignAwaitException(typeof(TAwaiter));

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine
    {
        if (awaiter is not IKernelAwaiter)
        {
            throw new ForeignAwaitException(typeof(TAwaiter));
        }

        StateMachineBox<T, TStateMachine> box;
        if (_source is null)
        {
            box = StateMachineBox<T, TStateMachine>.Rent();
            _source = box;                  // this builder is a field of the machine, so it must know its box before it is copied
            box.Keep(ref stateMachine);
        }
        else
        {
            box = Unsafe.As<StateMachineBox<T, TStateMachine>>(_source);
        }

        ((IKernelAwaiter)awaiter).Attach(box);
    }
}
