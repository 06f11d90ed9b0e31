using Simulation.Actors;
using Simulation.History;
using Simulation.Host.Thresholds;

namespace Simulation.Host.Run;

/// <summary>Keeps what the coordinator said last of how things stand, for whoever looks from outside; nobody in the run waits for a view.</summary>
/// <param name="inner">Measures.</param>
/// <param name="thresholds">Follows the thresholds that may end the run; null when there are none.</param>
internal sealed class RunWatch(IRunTelemetry inner, ThresholdWatch? thresholds = null) : IRunTelemetry
{
    private volatile RunStatus? _latest;

    /// <summary>Null until the coordinator has spoken.</summary>
    public RunStatus? Latest => _latest;

    public IFoldObserver? FoldObserver => inner.FoldObserver is { } measured && thresholds is not null
        ? new TwoObservers(measured, thresholds)
        : inner.FoldObserver ?? thresholds;

    public void StatusChanged(RunStatus status) => _latest = status;

    public void RebalanceCompleted(TimeSpan duration, int movedUnits) => inner.RebalanceCompleted(duration, movedUnits);
}
