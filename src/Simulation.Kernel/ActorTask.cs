using System.Runtime.CompilerServices;

namespace Simulation.Kernel;

/// <summary>What an actor's handler returns and awaits. Its continuation runs only inside a turn of the actor that awaits it.</summary>
[AsyncMethodBuilder(typeof(ActorTaskBuilder))]
public readonly struct ActorTask
{
    public static ActorTask CompletedTask => default;

    public bool IsCompleted => throw new NotImplementedException();

    public Awaiter GetAwaiter() => throw new NotImplementedException();

    public readonly struct Awaiter : ICriticalNotifyCompletion
    {
        public bool IsCompleted => throw new NotImplementedException();

        public void GetResult() => throw new NotImplementedException();

        public void OnCompleted(Action continuation) => throw new NotImplementedException();

        public void UnsafeOnCompleted(Action continuation) => throw new NotImplementedException();
    }
}

/// <inheritdoc cref="ActorTask"/>
[AsyncMethodBuilder(typeof(ActorTaskBuilder<>))]
public readonly struct ActorTask<T>
{
    public bool IsCompleted => throw new NotImplementedException();

    public Awaiter GetAwaiter() => throw new NotImplementedException();

    public readonly struct Awaiter : ICriticalNotifyCompletion
    {
        public bool IsCompleted => throw new NotImplementedException();

        public T GetResult() => throw new NotImplementedException();

        public void OnCompleted(Action continuation) => throw new NotImplementedException();

        public void UnsafeOnCompleted(Action continuation) => throw new NotImplementedException();
    }
}

/// <summary>
/// A result that somebody will deliver once, from any thread in the real world: the way in for sockets, timers and other actors.
/// Pooled: after its task has been awaited it belongs to the pool again.
/// </summary>
public sealed class Promise<T>
{
    /// <summary>Takes one from the pool. Await <see cref="Task"/> exactly once.</summary>
    public static Promise<T> Rent() => throw new NotImplementedException();

    public ActorTask<T> Task => throw new NotImplementedException();

    /// <returns>False when a result was there already.</returns>
    public bool TrySetResult(T result) => throw new NotImplementedException();

    public bool TrySetException(Exception error) => throw new NotImplementedException();
}

/// <summary>A handler awaited something that is not the kernel's.</summary>
public sealed class ForeignAwaitException(Type awaiter)
    : InvalidOperationException($"Awaited {awaiter}, which is not the kernel's. Use Context.Delay, Context.Ask or an ActorTask.");

public struct ActorTaskBuilder
{
    public static ActorTaskBuilder Create() => default;

    public readonly ActorTask Task => throw new NotImplementedException();

    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine => throw new NotImplementedException();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine) => throw new NotImplementedException();

    public readonly void SetResult() => throw new NotImplementedException();

    public readonly void SetException(Exception exception) => throw new NotImplementedException();

    public readonly void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion where TStateMachine : IAsyncStateMachine => throw new NotImplementedException();

    public readonly void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion where TStateMachine : IAsyncStateMachine => throw new NotImplementedException();
}

public struct ActorTaskBuilder<T>
{
    public static ActorTaskBuilder<T> Create() => default;

    public readonly ActorTask<T> Task => throw new NotImplementedException();

    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine => throw new NotImplementedException();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine) => throw new NotImplementedException();

    public readonly void SetResult(T result) => throw new NotImplementedException();

    public readonly void SetException(Exception exception) => throw new NotImplementedException();

    public readonly void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion where TStateMachine : IAsyncStateMachine => throw new NotImplementedException();

    public readonly void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion where TStateMachine : IAsyncStateMachine => throw new NotImplementedException();
}
