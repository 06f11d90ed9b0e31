using Simulation.History;
using Simulation.Host.Reports;

namespace Simulation.Host.Thresholds;

/// <summary>What a metric amounts to over the seconds that it was shown; in constant memory.</summary>
internal interface IMeasure
{
    void Add(in SecondView view);

    /// <summary>Null when it saw nothing that it could measure.</summary>
    double? Value { get; }

    /// <summary>Whether more seconds can still turn it around, but not because there were too few.</summary>
    bool HasEnough => true;

    /// <summary>Why there is no value, where that is more than that nothing came.</summary>
    string? WhyNothing => null;
}

/// <summary>A percentile, mean or maximum of latencies, in seconds.</summary>
internal sealed class LatencyMeasure(Func<RunSecond, LatencyHistogram> histogram, double? percent, bool mean = false) : IMeasure
{
    private const double MicrosecondsPerSecond = 1e6;

    private readonly LatencyHistogram _all = new();

    public double? Value => _all.Count == 0 ? null
        : mean ? _all.Mean.TotalSeconds
        : percent is { } p ? _all.Percentile(p).TotalSeconds
        : _all.MaxMicroseconds / MicrosecondsPerSecond;

    /// <summary>The 99th percentile of ten messages is their maximum.</summary>
    public bool HasEnough => percent is not { } p || _all.Count >= 100 / (100 - p);

    public void Add(in SecondView view) => _all.Add(histogram(view.Second));
}

/// <summary>The largest of what seconds showed, the smallest, or the last.</summary>
internal sealed class ExtremeMeasure(Func<SecondView, double?> read, Func<double, double, double> choose) : IMeasure
{
    public double? Value { get; private set; }

    public void Add(in SecondView view)
    {
        if (read(view) is { } value)
        {
            Value = Value is { } before ? choose(before, value) : value;
        }
    }
}

internal sealed class MeanMeasure(Func<SecondView, double?> read) : IMeasure
{
    private const int Enough = 10;

    private double _sum;
    private long _seconds;

    public double? Value => _seconds == 0 ? null : _sum / _seconds;

    public bool HasEnough => _seconds >= Enough;

    public void Add(in SecondView view)
    {
        if (read(view) is { } value)
        {
            _sum += value;
            _seconds++;
        }
    }
}

internal sealed class SumMeasure(Func<RunSecond, long> read) : IMeasure
{
    private long _sum;
    private bool _any;

    public double? Value => _any ? _sum : null;

    public void Add(in SecondView view)
    {
        _any = true;
        _sum += read(view.Second);
    }
}

/// <summary>One count as a share of another.</summary>
internal sealed class ShareMeasure(Func<RunSecond, long> part, Func<RunSecond, long> whole) : IMeasure
{
    private const int Enough = 100;

    private long _part;
    private long _whole;

    public double? Value => _whole == 0 ? null : (double)_part / _whole;

    public bool HasEnough => _whole >= Enough;

    public void Add(in SecondView view)
    {
        _part += part(view.Second);
        _whole += whole(view.Second);
    }
}

/// <summary>How fast something grows: the slope of the straight line that fits best, in its unit an hour.</summary>
internal sealed class SlopeMeasure(Func<SecondView, double?> read) : IMeasure
{
    /// <summary>What a process does in its first minutes says nothing about a night.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromMinutes(5);

    private const double SecondsPerHour = 3600;

    private long _first;
    private long _last;
    private double _origin;
    private long _count;
    private double _x, _y, _xx, _xy;

    public double? Value => Span < Least.TotalSeconds ? null : ((_count * _xy) - (_x * _y)) / ((_count * _xx) - (_x * _x));

    public string? WhyNothing => _count == 0 ? null : $"a slope needs {Kernel.Duration.Format(Least)}, and there were {Kernel.Duration.Format(TimeSpan.FromSeconds(Span))}";

    private long Span => _last - _first;

    public void Add(in SecondView view)
    {
        if (read(view) is not { } value)
        {
            return;
        }

        _last = view.Second.UnixSeconds;
        if (_count++ == 0)
        {
            (_first, _origin) = (_last, value);
        }

        // From the first sample on, so that sums of squares of large numbers do not lose what matters.
        double x = Span / SecondsPerHour;
        double y = value - _origin;
        _x += x;
        _y += y;
        _xx += x * x;
        _xy += x * y;
    }
}
