namespace Simulation.Host.Telemetry;

/// <summary>What becomes of checkpoints, for metrics. Quick and thread-safe.</summary>
public interface ICheckpointTelemetry
{
    /// <summary>One is safe on its store.</summary>
    /// <param name="took">From asking for everybody's state until then.</param>
    /// <param name="bytes">Of what was stored.</param>
    void CheckpointTaken(TimeSpan took, long bytes);

    /// <summary>One could not be taken; the run goes on.</summary>
    void CheckpointFailed();
}
