namespace Simulation.Host.Run;

/// <summary>The composition root of a real run. Not written yet: the lead's.</summary>
internal sealed class RunComposition : IRunComposition
{
    public Task<RunConclusion> RunAsync(RunRequest request) => throw new NotImplementedException("the run is not composed yet");
}
