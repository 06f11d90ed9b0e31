namespace Simulation.Kernel;

/// <summary>Waits for the end of a loop that nobody awaits, so that its failure becomes its actor's. Pooled per thread.</summary>
internal sealed class SpawnedLoop : Continuation
{
    private const int MaxPooled = 128;

    [ThreadStatic] private static SpawnedLoop? t_free;
    [ThreadStatic] private static int t_freeCount;

    private SpawnedLoop? _next;
    private ActorTask _task;

    internal static void Follow(ActorCell owner, ActorTask task)
    {
        if (task.IsCompleted)
        {
            End(owner, task);
            return;
        }

        SpawnedLoop? loop = t_free;
        if (loop is null)
        {
            loop = new SpawnedLoop();
        }
        else
        {
            t_free = loop._next;
            t_freeCount--;
            loop._next = null;
        }

        loop.BindTo(owner);
        loop._task = task;
        task.Attach(loop);
    }

    internal override void Resume()
    {
        ActorCell owner = Owner;
        ActorTask task = _task;
        _task = default;
        Unbind();
        if (t_freeCount < MaxPooled)
        {
            t_freeCount++;
            _next = t_free;
            t_free = this;
        }

        End(owner, task);
    }

    private static void End(ActorCell owner, ActorTask task)
    {
        try
        {
            task.Take();
        }
        catch (Exception error)
        {
            owner.Fail(error, isEscalated: false);
        }
    }
}
