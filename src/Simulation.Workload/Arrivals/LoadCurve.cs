using Simulation.Kernel;

namespace Simulation.Workload;

/// <summary>
/// The global rate multiplier over time, its integral and the inverse of that integral: a pure function of options and seed, so that
/// every producer computes the same curve without talking to another.
/// </summary>
/// <remarks>
/// The multiplier is piecewise linear, so the integral is piecewise quadratic and is inverted in closed form: an arrival time does not
/// depend on how many came before it. The integral counts <i>load seconds</i>: one is what one second at multiplier 1 brings.
/// One owner at a time: ramps are computed when somebody first looks that far ahead, and kept.
/// </remarks>
public sealed class LoadCurve
{
    // Bounds memory when a rate of next to nothing puts an arrival into the distant future. At the default ramp this is nine years.
    private const int FarthestRamp = 1_000_000;

    private readonly RateVariationOptions _options;
    private readonly RandomStream _targets;
    private readonly double _rampSeconds;

    // Ramp i leads from _multipliers[i] to _multipliers[i + 1] and begins at load _loads[i].
    private readonly List<double> _multipliers = [];
    private readonly List<double> _loads = [];

    public LoadCurve(RateVariationOptions options, ulong seed)
    {
        _options = options;
        _targets = RandomStream.Derive(seed, "workload/rate");
        _rampSeconds = options.RampInterval.TotalSeconds;
        _multipliers.Add(options.Enabled ? Math.Clamp(1.0, options.MinMultiplier, options.MaxMultiplier) : 1.0);
        _loads.Add(0);
    }

    /// <summary>The multiplier at a time since the start of the run.</summary>
    public double MultiplierAt(TimeSpan elapsed)
    {
        if (!_options.Enabled)
        {
            return 1.0;
        }

        var (ramp, into) = Locate(elapsed);
        return _multipliers[ramp] + (Slope(ramp) * into);
    }

    /// <summary>Load seconds between the start of the run and a time.</summary>
    public double LoadAt(TimeSpan elapsed)
    {
        if (!_options.Enabled)
        {
            return elapsed.TotalSeconds;
        }

        var (ramp, into) = Locate(elapsed);
        return _loads[ramp] + (into * (_multipliers[ramp] + (Slope(ramp) * into / 2)));
    }

    /// <summary>The time at which the run will have brought this many load seconds; <see cref="TimeSpan.MaxValue"/> for never in a lifetime.</summary>
    public TimeSpan TimeOf(double load) => _options.Enabled ? Ticks(Invert(load)) : Ticks(load);

    private double Invert(double load)
    {
        while (_loads[^1] <= load)
        {
            if (_loads.Count > FarthestRamp)
            {
                return double.PositiveInfinity;
            }

            AddRamp();
        }

        var found = _loads.BinarySearch(load);
        var ramp = found >= 0 ? found : ~found - 1;
        var start = _multipliers[ramp];
        var rest = load - _loads[ramp];

        // Solves start * x + slope * x^2 / 2 = rest. This form of the root has no cancellation, and no division by a slope near zero.
        var into = 2 * rest / (start + Math.Sqrt(Math.Max(0, (start * start) + (2 * Slope(ramp) * rest))));
        return (ramp * _rampSeconds) + into;
    }

    private (int Ramp, double Into) Locate(TimeSpan elapsed)
    {
        var ramp = checked((int)(elapsed.Ticks / _options.RampInterval.Ticks));
        while (_multipliers.Count <= ramp + 1)
        {
            AddRamp();
        }

        return (ramp, TimeSpan.FromTicks(elapsed.Ticks % _options.RampInterval.Ticks).TotalSeconds);
    }

    private void AddRamp()
    {
        var from = _multipliers[^1];
        var to = _options.MinMultiplier + (_targets.NextDouble() * (_options.MaxMultiplier - _options.MinMultiplier));
        _multipliers.Add(to);
        _loads.Add(_loads[^1] + ((from + to) / 2 * _rampSeconds));
    }

    private double Slope(int ramp) => (_multipliers[ramp + 1] - _multipliers[ramp]) / _rampSeconds;

    private static TimeSpan Ticks(double seconds) =>
        seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond)) : TimeSpan.MaxValue;
}
