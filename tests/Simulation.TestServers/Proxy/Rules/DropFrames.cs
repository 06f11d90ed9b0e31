namespace Simulation.TestServers.Proxy;

/// <summary>The frame never arrives.</summary>
public sealed class DropFrames(Func<NatsFrame, bool> match, int times = 1) : MatchingRule(match, times)
{
    protected override ValueTask ActAsync(NatsFrame frame, FrameContext context) => ValueTask.CompletedTask;
}
