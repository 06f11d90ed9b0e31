using System.Collections.Immutable;
using Simulation.History;
using Simulation.Host.Reports;
using Simulation.Host.Run;

namespace Simulation.Host.Thresholds;

/// <summary>
/// Follows the thresholds that may end a run while it goes on: hears what the tracker folds, and keeps up the same seconds as the report.
/// Called in the tracker's turns; asked from outside.
/// </summary>
internal sealed class ThresholdWatch : IFoldObserver
{
    private const int AllStages = 3;

    private readonly ImmutableArray<ThresholdCheck> _checks;
    private readonly SortedDictionary<long, Recovering> _recovering = [];
    private long _sendingSince;
    private volatile string? _aborted;

    /// <param name="thresholds">All; those that do not end a run are left out.</param>
    /// <param name="sample">The latest of the process; null where there is none.</param>
    public ThresholdWatch(IEnumerable<Threshold> thresholds, Func<(ProcessSample Sample, double? Cpu)?> sample)
    {
        _checks = [.. thresholds.Where(threshold => threshold.Abort).Select(threshold => new ThresholdCheck(threshold))];
        var series = new SeriesFold(second =>
        {
            (ProcessSample Sample, double? Cpu)? latest = sample();
            var view = new SecondView(second, latest?.Sample, latest?.Cpu);
            foreach (ThresholdCheck check in _checks)
            {
                check.Add(view);
            }

            LookForAbort();
        });
        FoldObserver = new TwoObservers(series, this);
    }

    /// <summary>Which threshold ends the run, and why; null as long as none does.</summary>
    public string? Aborted => _aborted;

    /// <summary>What the tracker is to tell: seconds are kept up first, then faults.</summary>
    public IFoldObserver FoldObserver { get; }

    void IFoldObserver.Folding(in HistoryRecord record, string participant)
    {
        switch (record.Type)
        {
            case RecordType.PhaseChanged when record.Phase == RunPhase.Running && _sendingSince == 0:
                _sendingSince = record.Time;
                break;
            case RecordType.FaultStarted:
                _recovering[record.A] = new Recovering((record.Text ?? "").Split(' ', 2)[0], record.Time, Stages: 0, Slowest: 0);
                break;
            case RecordType.FaultRecovered when _recovering.TryGetValue(record.A, out Recovering fault):
                Recover(record.A, fault with { Stages = fault.Stages + 1, Slowest = Math.Max(fault.Slowest, record.B) });
                break;
        }
    }

    private void Recover(long number, Recovering fault)
    {
        _recovering[number] = fault;
        if (fault.Stages < AllStages)
        {
            return;
        }

        _recovering.Remove(number);
        foreach (ThresholdCheck check in _checks)
        {
            check.Recovered(fault.Kind, TimeSpan.FromMicroseconds(fault.Since - _sendingSince), TimeSpan.FromMicroseconds(fault.Slowest));
        }

        LookForAbort();
    }

    private void LookForAbort() => _aborted ??= _checks
        .Where(check => check.Aborts is not null)
        .Select(check => $"threshold missed: {check.Threshold}; {check.Aborts}")
        .FirstOrDefault();

    /// <param name="Kind">Of the fault.</param>
    /// <param name="Since">When it began, in microseconds since 1970.</param>
    /// <param name="Stages">That are well again.</param>
    /// <param name="Slowest">Of them, in microseconds.</param>
    private readonly record struct Recovering(string Kind, long Since, int Stages, long Slowest);
}
