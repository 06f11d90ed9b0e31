using Simulation.Actors;
using Simulation.History;

namespace Simulation.Host.Run;

/// <summary>Keeps what the coordinator said last of how things stand, for whoever looks from outside; nobody in the run waits for a view.</summary>
/// <param name="inner">Measures.</param>
/// <param name="followers">Hear what is folded, too; null for nobody.</param>
internal sealed class RunWatch(IRunTelemetry inner, params IEnumerable<IFoldObserver?> followers) : IRunTelemetry
{
    private volatile RunStatus? _latest;

    /// <summary>Null until the coordinator has spoken.</summary>
    public RunStatus? Latest => _latest;

    public IFoldObserver? FoldObserver { get; } = followers.Prepend(inner.FoldObserver)
        .Aggregate((before, next) => before is null ? next : next is null ? before : new TwoObservers(before, next));

    /// <summary>Called with kind and name of a participant that is gone.</summary>
    public Action<ParticipantKind, string> WhenEnded { get; init; } = (_, _) => { };

    public void ParticipantEnded(ParticipantKind kind, string name) => WhenEnded(kind, name);

    public void StatusChanged(RunStatus status) => _latest = status;

    public void RebalanceCompleted(TimeSpan duration, int movedUnits) => inner.RebalanceCompleted(duration, movedUnits);
}
