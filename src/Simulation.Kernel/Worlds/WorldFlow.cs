namespace Simulation.Kernel;

/// <summary>
/// Marks what a virtual world's loop begins. The mark travels with the execution context, as the platform captures it for work items, timers,
/// tasks and threads; where it turns up on another thread, something has left the world. So each world knows its own, whatever else the
/// process does.
/// </summary>
internal static class WorldFlow
{
    private static readonly AsyncLocal<TrapSynchronizationContext?> Mark = new(OnChange);

    /// <summary>From here on, on this thread.</summary>
    internal static TrapSynchronizationContext? Exchange(TrapSynchronizationContext? trap)
    {
        TrapSynchronizationContext? before = Mark.Value;
        Mark.Value = trap;
        return before;
    }

    private static void OnChange(AsyncLocalValueChangedArgs<TrapSynchronizationContext?> change)
    {
        if (change.ThreadContextChanged && change.CurrentValue is { } trap)
        {
            trap.OnMarkSeen(Environment.CurrentManagedThreadId);
        }
    }
}
