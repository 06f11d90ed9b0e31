using Simulation.Kernel;

namespace Simulation.Workload;

/// <summary>The arrivals of one partition on the axis of load seconds (see <see cref="LoadCurve"/>), from where it was opened.</summary>
internal sealed class ArrivalClock
{
    private readonly int _partition;
    private readonly double _rate;
    private readonly ArrivalPattern _pattern;
    private readonly ulong _seed;
    private RandomStream _random = null!;
    private double _phase;
    private double _poissonMessages;
    private double _openedAt;
    private long _after;

    /// <param name="taken">How many messages of the partition an earlier life of the producer took.</param>
    public ArrivalClock(int partition, double rate, ArrivalPattern pattern, ulong seed, long taken)
    {
        (_partition, _rate, _pattern, _seed) = (partition, rate, pattern, seed);
        Sequence = taken + 1;
    }

    /// <summary>Number of the next message, from 1.</summary>
    public long Sequence { get; private set; }

    /// <summary>Load at which the next message is due. Even arrivals are computed from their number, so rounding never adds up.</summary>
    public double Load => _openedAt + ((_pattern == ArrivalPattern.Poisson ? _poissonMessages : _phase + (Sequence - 1 - _after)) / _rate);

    /// <summary>Arrivals begin at that load; of those, the messages behind <paramref name="after"/> that were taken already are skipped.</summary>
    public void Open(double load, long after)
    {
        (_openedAt, _after) = (load, after);
        _random = RandomStream.Derive(_seed, after == 0 ? $"workload/arrivals/{_partition}" : $"workload/arrivals/{_partition}/{after}");
        _phase = _random.NextDouble();
        _poissonMessages = 0;
        for (long sequence = after; sequence < Sequence; sequence++)
        {
            DrawNext();
        }
    }

    public void Advance()
    {
        Sequence++;
        DrawNext();
    }

    private void DrawNext()
    {
        if (_pattern == ArrivalPattern.Poisson)
        {
            _poissonMessages += _random.Exponential(TimeSpan.FromSeconds(1)).TotalSeconds;
        }
    }
}
