namespace Simulation.Kernel;

/// <summary>An awaiter that resumes its waiter inside a turn of the waiter's actor; any other is foreign.</summary>
internal interface IKernelAwaiter
{
    void Attach(Continuation waiter);
}
