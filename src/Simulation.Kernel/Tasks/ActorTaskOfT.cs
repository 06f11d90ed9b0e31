using System.Runtime.CompilerServices;

namespace Simulation.Kernel;

/// <inheritdoc cref="ActorTask"/>
[AsyncMethodBuilder(typeof(ActorTaskBuilder<>))]
public readonly struct ActorTask<T>
{
    private readonly TaskSource<T>? _source;
    private readonly int _token;
    private readonly T _result;

    internal ActorTask(TaskSource<T> source, int token)
    {
        _source = source;
        _token = token;
        _result = default!;
    }

    internal ActorTask(T result) => _result = result;

    public bool IsCompleted => _source is null || _source.IsCompleted(_token);

    public Awaiter GetAwaiter() => new(this);

    /// <summary>As <see cref="IsCompleted"/>; when the answer is no, it also refuses waits that could never end well, at the line of the await.</summary>
    internal bool IsCompletedForAwait()
    {
        if (IsCompleted)
        {
            return true;
        }

        _source!.CheckMayWait();
        return false;
    }

    internal void Attach(Continuation waiter) => _source!.Attach(waiter);

    internal T Take() => _source is null ? _result : _source.Take(_token);

    public readonly struct Awaiter : ICriticalNotifyCompletion, IKernelAwaiter
    {
        private readonly ActorTask<T> _task;

        internal Awaiter(ActorTask<T> task) => _task = task;

        public bool IsCompleted => _task.IsCompletedForAwait();

        public T GetResult() => _task.Take();

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation) => _task.Attach(new ActionContinuation(continuation));

        void IKernelAwaiter.Attach(Continuation waiter) => _task.Attach(waiter);
    }
}
