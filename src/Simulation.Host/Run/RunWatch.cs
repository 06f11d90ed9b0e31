using Simulation.Actors;
using Simulation.History;

namespace Simulation.Host.Run;

/// <summary>Keeps what the coordinator said last of how things stand, for whoever looks from outside; nobody in the run waits for a view.</summary>
internal sealed class RunWatch(IRunTelemetry inner) : IRunTelemetry
{
    private volatile RunStatus? _latest;

    /// <summary>Null until the coordinator has spoken.</summary>
    public RunStatus? Latest => _latest;

    public IFoldObserver? FoldObserver => inner.FoldObserver;

    public void StatusChanged(RunStatus status) => _latest = status;

    public void RebalanceCompleted(TimeSpan duration, int movedUnits) => inner.RebalanceCompleted(duration, movedUnits);
}
