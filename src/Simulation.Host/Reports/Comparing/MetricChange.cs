namespace Simulation.Host.Reports.Comparing;

/// <summary>What can be said of one metric.</summary>
internal enum ChangeKind
{
    /// <summary>All of the interval lies within the tolerance, or the difference is next to nothing.</summary>
    Same,

    /// <summary>All of it lies beyond the tolerance, on the bad side.</summary>
    Worse,

    Better,

    /// <summary>The interval is too wide to say.</summary>
    Unclear,
}

/// <summary>One metric of two runs.</summary>
/// <param name="Metric">Which.</param>
/// <param name="First">Of the first run.</param>
/// <param name="Second">Of the second.</param>
/// <param name="Low">The least that it is likely to have changed, as a share of the first; 0.1 is a tenth more.</param>
/// <param name="High">The most.</param>
/// <param name="Tolerance">Smaller changes are not worth a word.</param>
internal sealed record MetricChange(ComparedMetric Metric, double First, double Second, double Low, double High, double Tolerance)
{
    public double Change => Bootstrap.Ratio(First, Second);

    public ChangeKind Kind
    {
        get
        {
            if (Math.Abs(Second - First) < Metric.Negligible)
            {
                return ChangeKind.Same;
            }

            (double least, double most) = Metric.LessIsBetter ? (Low, High) : (-High, -Low);
            return least > Tolerance ? ChangeKind.Worse
                : most < -Tolerance ? ChangeKind.Better
                : least >= -Tolerance && most <= Tolerance ? ChangeKind.Same
                : ChangeKind.Unclear;
        }
    }

    public bool IsWorse => Kind == ChangeKind.Worse && Metric.IsJudged;
}
