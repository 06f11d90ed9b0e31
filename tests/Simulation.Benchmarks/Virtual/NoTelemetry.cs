using Simulation.Actors;

namespace Simulation.Benchmarks.Virtual;

internal sealed class NoTelemetry : IRunTelemetry
{
    public void MessageProcessed(TimeSpan duration)
    {
    }

    public void RebalanceCompleted(TimeSpan duration, int movedUnits)
    {
    }
}
