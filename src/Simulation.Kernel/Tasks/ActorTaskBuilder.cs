using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Simulation.Kernel;

/// <summary>Lets the compiler make <c>async ActorTask</c> methods.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct ActorTaskBuilder
{
    private ActorTaskBuilder<Unit> _builder;

    public static ActorTaskBuilder Create() => default;

    public readonly ActorTask Task => _builder.Task;

    [DebuggerStepThrough]
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    public void SetResult() => _builder.SetResult(default);

    public void SetException(Exception exception) => _builder.SetException(exception);

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => _builder.AwaitOnCompleted(ref awaiter, ref stateMachine);

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => _builder.AwaitUnsafeOnCompleted(ref awaiter, ref stateMachine);
}
