namespace Simulation.Workload;

/// <summary>Always due: round robin over the producer's partitions, intended for the moment at which it is asked.</summary>
internal sealed class UnthrottledSchedule : IArrivalSchedule
{
    private readonly PartitionRange _range;
    private readonly long[] _taken;
    private int _slot;

    public UnthrottledSchedule(PartitionRange range, long[] taken)
    {
        _range = range;
        _taken = taken;
    }

    public TimeSpan? NextAt => _range.Count == 0 ? null : TimeSpan.Zero;

    public bool TryTake(TimeSpan elapsed, out Arrival arrival)
    {
        if (_range.Count == 0)
        {
            arrival = default;
            return false;
        }

        arrival = new Arrival(elapsed, _range.First + _slot, ++_taken[_slot]);
        _slot = _slot + 1 == _range.Count ? 0 : _slot + 1;
        return true;
    }
}
