namespace Simulation.Actors;

/// <summary>What actors measure that no history record tells. Host turns it into metrics. Called from any actor's turn, so it must be quick and thread-safe.</summary>
public interface IRunTelemetry
{
    void MessageProcessed(TimeSpan duration);

    void RebalanceCompleted(TimeSpan duration, int movedUnits);

    /// <summary>A few times a second, by the coordinator; nothing needs it, so it may be left alone.</summary>
    void StatusChanged(RunStatus status)
    {
    }
}
