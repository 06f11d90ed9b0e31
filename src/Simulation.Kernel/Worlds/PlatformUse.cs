namespace Simulation.Kernel;

/// <summary>
/// What this process has asked of the platform's thread pool and timers so far. Where nothing but one virtual world runs between two looks,
/// both must be the same; a process with other work cannot tell whose it was, and relies on what each world notices by itself.
/// </summary>
/// <param name="WorkItems">Completed or waiting in the thread pool, since the process began.</param>
/// <param name="Timers">Set right now.</param>
public readonly record struct PlatformUse(long WorkItems, long Timers)
{
    public static PlatformUse Now => new(ThreadPool.CompletedWorkItemCount + ThreadPool.PendingWorkItemCount, Timer.ActiveCount);

    /// <summary>For a process that did nothing else in between.</summary>
    /// <exception cref="ForeignWorkException">A work item was queued, or a real timer was set.</exception>
    public static void RequireNoneSince(PlatformUse before)
    {
        PlatformUse now = Now;
        if (now.WorkItems != before.WorkItems || now.Timers > before.Timers)
        {
            throw new ForeignWorkException(
                $"Thread pool or real timers were used while only a virtual world ran: {now.WorkItems - before.WorkItems} work items, {now.Timers - before.Timers} timers.");
        }
    }
}
