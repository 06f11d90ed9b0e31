using System.Runtime.CompilerServices;

namespace Simulation.Kernel;

/// <summary>Holds the compiler's state machine across suspensions. Pooled per thread and type; abandoned ones are left to the collector.</summary>
internal sealed class StateMachineBox<T, TStateMachine> : AsyncMethodSource<T>
    where TStateMachine : IAsyncStateMachine
{
    /// <summary>
    /// A thread. What one thread rents another may give back, so free ones gather where more ends than begins: a bound that is never met
    /// would let memory grow for hours.
    /// </summary>
    private const int MaxPooled = 128;


    [ThreadStatic] private static StateMachineBox<T, TStateMachine>? t_free;
    [ThreadStatic] private static int t_freeCount;

    private StateMachineBox<T, TStateMachine>? _next;
    private TStateMachine _machine = default!;

    internal static StateMachineBox<T, TStateMachine> Rent()
    {
        StateMachineBox<T, TStateMachine>? box = t_free;
        if (box is null)
        {
            box = new StateMachineBox<T, TStateMachine>();
        }
        else
        {
            t_free = box._next;
            t_freeCount--;
            box._next = null;
        }

        box.BindTo(ActorCell.RequireCurrent());
        return box;
    }

    internal void Keep(ref TStateMachine machine) => _machine = machine;

    internal override void Resume() => _machine.MoveNext();

    // The machine may still be on the stack, in the last instructions of MoveNext; it touches none of its fields after it has completed.
    protected override void Recycle()
    {
        _machine = default!;
        Unbind();
        if (t_freeCount < MaxPooled)
        {
            t_freeCount++;
            _next = t_free;
            t_free = this;
        }
    }
}
