using Simulation.History;

namespace Simulation.Chaos;

/// <summary>What becomes of faults, for metrics. Called from the chaos actor's turns, so it must be quick and thread-safe.</summary>
public interface IChaosTelemetry
{
    /// <summary>Nobody measures.</summary>
    static IChaosTelemetry None { get; } = new NoTelemetry();

    void FaultStarted(PlannedFault fault);

    void FaultEnded(PlannedFault fault);

    /// <param name="fault">Which.</param>
    /// <param name="stage">What is well again.</param>
    /// <param name="after">Since the fault began.</param>
    void Recovered(PlannedFault fault, RecoveryStage stage, TimeSpan after);

    private sealed class NoTelemetry : IChaosTelemetry
    {
        public void FaultStarted(PlannedFault fault)
        {
        }

        public void FaultEnded(PlannedFault fault)
        {
        }

        public void Recovered(PlannedFault fault, RecoveryStage stage, TimeSpan after)
        {
        }
    }
}
