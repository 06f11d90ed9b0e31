using Simulation.Host.Configuration;
using Simulation.Host.Virtual;

namespace Simulation.Host.Run;

/// <summary>Chooses the world of a run.</summary>
internal sealed class RunComposition : IRunComposition
{
    public Task<RunConclusion> RunAsync(RunRequest request) =>
        (request.Config.Simulation.World == RunWorld.Virtual ? (IRunComposition)new VirtualRun() : new RealRun()).RunAsync(request);
}
