using Simulation.Kernel;

namespace Simulation.Workload;

/// <summary>The arrivals of one partition on the axis of load seconds (see <see cref="LoadCurve"/>).</summary>
internal sealed class ArrivalClock
{
    private readonly ArrivalPattern _pattern;
    private readonly RandomStream _random;
    private readonly double _rate;
    private readonly double _phase;
    private double _poissonMessages;

    /// <param name="taken">How many messages of the partition an earlier life of the producer took.</param>
    public ArrivalClock(int partition, double rate, ArrivalPattern pattern, ulong seed, long taken)
    {
        _pattern = pattern;
        _rate = rate;
        _random = RandomStream.Derive(seed, $"workload/arrivals/{partition}");
        _phase = _random.NextDouble();

        if (pattern == ArrivalPattern.Poisson)
        {
            for (Sequence = 0; Sequence <= taken;)
            {
                Advance();
            }
        }

        Sequence = taken + 1;
    }

    /// <summary>Number of the next message, from 1.</summary>
    public long Sequence { get; private set; }

    /// <summary>Load at which the next message is due. Even arrivals are computed from their number, so rounding never adds up.</summary>
    public double Load => (_pattern == ArrivalPattern.Poisson ? _poissonMessages : _phase + (Sequence - 1)) / _rate;

    public void Advance()
    {
        Sequence++;
        if (_pattern == ArrivalPattern.Poisson)
        {
            _poissonMessages += _random.Exponential(TimeSpan.FromSeconds(1)).TotalSeconds;
        }
    }
}
