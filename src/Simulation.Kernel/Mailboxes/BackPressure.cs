namespace Simulation.Kernel;

/// <summary>
/// Counts what waits in a bounded mailbox and holds back the senders that are willing to wait. Nothing is refused: a sender waits
/// after its message is in, so each of them can be over the bound by one.
/// </summary>
internal sealed class BackPressure(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<Promise<Unit>> _waiting = new();
    private int _waitingCount;
    private int _count;
    private bool _closed;

    internal void Entered() => Interlocked.Increment(ref _count);

    internal void Left()
    {
        // A full fence stands between our count and our look at the waiting, and another one between a sender's entry and its look at
        // the count: at least one of the two sees the other.
        if (Interlocked.Decrement(ref _count) > capacity || Volatile.Read(ref _waitingCount) == 0)
        {
            return;
        }

        lock (_gate)
        {
            // Somebody may have entered since, and wait here now: it is let go by the next that leaves, or it would be over the bound by two.
            if (Volatile.Read(ref _count) <= capacity)
            {
                Release();
            }
        }
    }

    internal ActorTask WaitForRoom()
    {
        if (Volatile.Read(ref _count) <= capacity)
        {
            return ActorTask.CompletedTask;
        }

        lock (_gate)
        {
            if (_closed)
            {
                return ActorTask.CompletedTask;
            }

            Promise<Unit> room = Promise<Unit>.Rent();
            _waiting.Enqueue(room);
            Interlocked.Increment(ref _waitingCount);
            if (Volatile.Read(ref _count) <= capacity)
            {
                room.TrySetResult(default);     // its place in the queue stays: a second result is refused
            }

            return room.Task;
        }
    }

    /// <summary>The receiver is gone: nobody needs to wait for it.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Release();
        }
    }

    private void Release()
    {
        while (_waiting.TryDequeue(out Promise<Unit> room))
        {
            room.TrySetResult(default);
        }

        _waitingCount = 0;
    }
}
