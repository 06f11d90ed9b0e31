using System.Runtime.ExceptionServices;

namespace Simulation.Kernel;

/// <summary>An async method that threw before its first suspension.</summary>
internal sealed class FailedSource<T>(Exception error) : TaskSource<T>
{
    internal override bool IsCompleted(int token) => true;

    internal override void Attach(Continuation waiter) => throw new InvalidOperationException("Completed already.");

    internal override T Take(int token)
    {
        ExceptionDispatchInfo.Throw(error);
        return default!;
    }

    internal override void Resume() => throw new InvalidOperationException("Completed already.");
}
