using Simulation.History;

namespace Simulation.Actors;

/// <summary>What a run tells whoever measures it. Host turns it into metrics. Called from any actor's turn, so it must be quick and thread-safe.</summary>
public interface IRunTelemetry
{
    /// <summary>Hears of every record that the tracker folds, by whichever process it was written; null for nobody.</summary>
    IFoldObserver? FoldObserver => null;

    void RebalanceCompleted(TimeSpan duration, int movedUnits);

    /// <summary>A few times a second, by the coordinator, and once when the run is over; nothing needs it, so it may be left alone.</summary>
    void StatusChanged(RunStatus status)
    {
    }

    /// <summary>A worker or producer is gone. One of that name may come later.</summary>
    void ParticipantEnded(ParticipantKind kind, string name)
    {
    }
}
