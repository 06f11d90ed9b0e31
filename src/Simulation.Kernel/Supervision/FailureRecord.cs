namespace Simulation.Kernel;

/// <summary>When a child failed, as its supervisor remembers it.</summary>
internal sealed class FailureRecord
{
    private readonly Queue<TimeSpan> _times = new();
    private TimeSpan _last;
    private int _streak;

    /// <returns>Whether this failure is still within the limit.</returns>
    internal bool Count(TimeSpan now, int limit, TimeSpan? within)
    {
        if (limit < 0)
        {
            return true;
        }

        _times.Enqueue(now);
        while (_times.Count > limit + 1 || (within is { } window && now - _times.Peek() > window))
        {
            _times.Dequeue();
        }

        return _times.Count <= limit;
    }

    /// <returns>How many failures came in a row, each no later than <paramref name="quiet"/> after the one before; at least 1.</returns>
    internal int CountStreak(TimeSpan now, TimeSpan quiet)
    {
        _streak = _streak > 0 && now - _last <= quiet ? _streak + 1 : 1;
        _last = now;
        return _streak;
    }
}
