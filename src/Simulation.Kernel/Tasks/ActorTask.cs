using System.Runtime.CompilerServices;

namespace Simulation.Kernel;

/// <summary>
/// What an actor's handler returns and awaits. Its continuation runs only inside a turn of the actor that awaits it. Await it once.
/// </summary>
[AsyncMethodBuilder(typeof(ActorTaskBuilder))]
public readonly struct ActorTask
{
    private readonly ActorTask<Unit> _task;

    private ActorTask(ActorTask<Unit> task) => _task = task;

    public static ActorTask CompletedTask => default;

    public bool IsCompleted => _task.IsCompleted;

    public static implicit operator ActorTask(ActorTask<Unit> task) => new(task);

    public static ActorTask<T> FromResult<T>(T result) => new(result);

    public static ActorTask<T> FromException<T>(Exception error) => new(new FailedSource<T>(error), 0);

    public static ActorTask FromException(Exception error) => FromException<Unit>(error);

    public Awaiter GetAwaiter() => new(_task);

    internal void Attach(Continuation waiter) => _task.Attach(waiter);

    internal void Take() => _task.Take();

    public readonly struct Awaiter : ICriticalNotifyCompletion, IKernelAwaiter
    {
        private readonly ActorTask<Unit> _task;

        internal Awaiter(ActorTask<Unit> task) => _task = task;

        public bool IsCompleted => _task.IsCompletedForAwait();

        public void GetResult() => _task.Take();

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation) => _task.Attach(new ActionContinuation(continuation));

        void IKernelAwaiter.Attach(Continuation waiter) => _task.Attach(waiter);
    }
}
