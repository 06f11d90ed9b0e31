using Simulation.Host.Telemetry;

namespace Simulation.Host.Virtual;

/// <summary>For whoever nobody measures.</summary>
internal static class Unmeasured
{
    public static ICheckpointTelemetry Checkpoints { get; } = new NoCheckpoints();

    private sealed class NoCheckpoints : ICheckpointTelemetry
    {
        public void CheckpointTaken(TimeSpan took, long bytes)
        {
        }

        public void CheckpointFailed()
        {
        }
    }
}
