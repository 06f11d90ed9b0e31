using System.Globalization;
using Simulation.History;

namespace Simulation.Actors;

/// <content>
/// The time in which nobody conducted the run: a fault of its own kind that is in no plan. Nobody was there to see it, so the coordinator
/// that goes on tells it afterwards, and when the run was well again.
/// </content>
public sealed partial class Coordinator
{
    /// <summary>What was not well yet since the outage.</summary>
    private readonly SortedSet<RecoveryStage> _notWellYet = [];

    /// <summary>First of all, and at the time at which it was: whoever reads the logs in their order finds it there.</summary>
    private void RecordOutageBegan()
    {
        if (_resumption is { } resumption)
        {
            _history.FaultStarted(resumption.InterruptedAt, FaultOutcome.NumberOfOutage(resumption.Number), FaultOutcome.CoordinatorOutage);
        }
    }

    private void RecordOutageEnded()
    {
        if (_resumption is not { } resumption)
        {
            return;
        }

        long fault = FaultOutcome.NumberOfOutage(resumption.Number);
        TimeSpan away = Context.Now - resumption.InterruptedAt;
        _history.FaultBit(Context.Now, fault, string.Create(CultureInfo.InvariantCulture, $"nobody wrote anything for {away.TotalSeconds:0.0} s"));
        _history.FaultEnded(Context.Now, fault);
        _history.Resumed(Context.Now, resumption.SentFor);
        _highestWorker = resumption.HighestWorker;
        _notWellYet.UnionWith([RecoveryStage.Publishing, RecoveryStage.Ownership, RecoveryStage.Backlog]);
    }

    private void WatchRecovery(TrackerSnapshot totals)
    {
        if (_notWellYet.Count == 0 || _phase != RunPhase.Running)
        {
            return;
        }

        bool isPublishing = totals.Sent > _resumption!.Sent;
        RecoverIf(isPublishing, RecoveryStage.Publishing);
        RecoverIf(PartitionsOwned == _served, RecoveryStage.Ownership);
        RecoverIf(isPublishing && totals.Sent - totals.Received <= Math.Max(1, _resumption.Waiting), RecoveryStage.Backlog);
    }

    private void RecoverIf(bool isWell, RecoveryStage stage)
    {
        if (isWell && _notWellYet.Remove(stage))
        {
            _history.FaultRecovered(Context.Now, FaultOutcome.NumberOfOutage(_resumption!.Number), stage, Context.Now - _resumption.InterruptedAt);
        }
    }
}
