namespace Simulation.TestServers.Proxy;

/// <summary>Changes nothing: a signal that a frame went by, and a count.</summary>
public sealed class WatchFrames(Func<NatsFrame, bool> match) : MatchingRule(match, int.MaxValue)
{
    protected override ValueTask ActAsync(NatsFrame frame, FrameContext context) => context.ForwardAsync(frame);
}
