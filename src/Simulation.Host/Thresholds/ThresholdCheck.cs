using Simulation.History;
using Simulation.Host.Configuration.Values;
using Simulation.Host.Reports;
using Simulation.Host.Reports.Html;
using Simulation.Kernel;

namespace Simulation.Host.Thresholds;

/// <summary>Follows one threshold through a run, second by second: pure, so that it comes out the same live and from the logs.</summary>
internal sealed class ThresholdCheck(Threshold threshold)
{
    private readonly ThresholdMetric _metric = threshold.Measured;
    private readonly IMeasure? _measure = threshold.Measured.Measure?.Invoke();

    /// <summary>Why the run is to end; stays, whatever comes after. Null as long as there is no reason.</summary>
    public string? Aborts { get; private set; }

    public Threshold Threshold { get; } = threshold;

    public void Add(in SecondView view)
    {
        if (_measure is null || view.Second.SinceSending is not { } since || since < Threshold.After.TotalSeconds || !Threshold.Scope.Covers(view.Second))
        {
            return;
        }

        _measure.Add(view);
        if (Threshold.Abort && Aborts is null && _measure.HasEnough && _measure.Value is { } value && !Threshold.Holds(value))
        {
            Aborts = $"it was {_metric.Unit.ShowValue(value)} after {Show.Long(TimeSpan.FromSeconds(since + 1))}";
        }
    }

    /// <summary>A fault is well again: for thresholds on recovery that abort.</summary>
    public void Recovered(string kind, TimeSpan afterSendingBegan, TimeSpan took)
    {
        if (_metric.IsOfFaults && Threshold.Abort && Aborts is null && Concerns(kind, afterSendingBegan) && _metric.OnlyRises && !Threshold.Holds(took.TotalSeconds))
        {
            Aborts = $"a {kind} took {Show.Time(took)}";
        }
    }

    /// <param name="faults">Of the verdict.</param>
    /// <param name="sendingSince">When producers began to send; null when they never did.</param>
    public ThresholdResult Conclude(IEnumerable<FaultOutcome> faults, DateTimeOffset? sendingSince) =>
        _metric.IsOfFaults ? OfFaults(faults, sendingSince) : Judge(_measure!.Value, _measure.WhyNothing ?? NothingInScope);

    private string NothingInScope
    {
        get
        {
            string scope = Threshold.Scope == ThresholdScope.All ? "" : $" in scope {Words.Spell(Threshold.Scope)}";
            string after = Threshold.After == TimeSpan.Zero ? "" : $" after {Duration.Format(Threshold.After)}";
            return _metric.IsOfTheProcess && scope.Length + after.Length == 0 ? "no sample was taken" : $"nothing was measured{scope}{after}";
        }
    }

    private ThresholdResult OfFaults(IEnumerable<FaultOutcome> faults, DateTimeOffset? sendingSince)
    {
        FaultOutcome[] concerned = [.. faults.Where(fault => fault.Proof is not null && Concerns(fault.Kind, fault.StartedAt - (sendingSince ?? fault.StartedAt)))];
        if (concerned.Length == 0)
        {
            return Judge(null, $"no {_metric.FaultKind ?? "fault"} happened");
        }

        double[] times = [.. concerned.Select(fault => fault.WellAgainAfter?.TotalSeconds ?? double.PositiveInfinity).Order()];
        double value = _metric.OfRecoveries!(times);
        FaultOutcome? never = concerned.FirstOrDefault(fault => fault.WellAgainAfter is null);
        return double.IsPositiveInfinity(value)
            ? new ThresholdResult(Threshold, value, $"fault {never!.Number} ({never.What}) was not seen to recover")
            : Judge(value, "");
    }

    private bool Concerns(string kind, TimeSpan afterSendingBegan) =>
        (_metric.FaultKind is null || _metric.FaultKind == kind) && afterSendingBegan >= Threshold.After;

    private ThresholdResult Judge(double? value, string whyNothing)
    {
        string? missed = value is not { } known ? $"no data: {whyNothing}"
            : Aborts is not null ? $"ended the run: {Aborts}"
            : Threshold.Holds(known) ? null
            : $"it was {_metric.Unit.ShowValue(known)}";
        return new ThresholdResult(Threshold, value, missed);
    }
}
