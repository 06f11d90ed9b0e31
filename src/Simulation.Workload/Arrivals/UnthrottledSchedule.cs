namespace Simulation.Workload;

/// <summary>Always due: round robin over the producer's open partitions, intended for the moment at which it is asked.</summary>
internal sealed class UnthrottledSchedule(ProducerShare share, long[] taken) : IArrivalSchedule
{
    private readonly List<int> _open = [.. Enumerable.Range(0, share.Range.Count)];
    private int _turn;

    public TimeSpan? NextAt => _open.Count == 0 ? null : TimeSpan.Zero;

    public bool TryTake(TimeSpan elapsed, out Arrival arrival)
    {
        if (_open.Count == 0)
        {
            arrival = default;
            return false;
        }

        _turn = _turn < _open.Count ? _turn : 0;
        var slot = _open[_turn++];
        arrival = new Arrival(elapsed, share[slot], ++taken[slot]);
        return true;
    }

    public void Open(int partition, TimeSpan at, long after)
    {
        var slot = share.SlotOf(partition);
        if (!_open.Contains(slot))
        {
            _open.Add(slot);
        }
    }

    public void Close(int partition) => _open.Remove(share.SlotOf(partition));
}
