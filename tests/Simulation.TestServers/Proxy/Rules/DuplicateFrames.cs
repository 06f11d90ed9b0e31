namespace Simulation.TestServers.Proxy;

/// <summary>The frame arrives twice, one right after the other.</summary>
public sealed class DuplicateFrames(Func<NatsFrame, bool> match, int times = 1) : MatchingRule(match, times)
{
    protected override async ValueTask ActAsync(NatsFrame frame, FrameContext context)
    {
        await context.ForwardAsync(frame);
        await context.ForwardAsync(frame);
    }
}
