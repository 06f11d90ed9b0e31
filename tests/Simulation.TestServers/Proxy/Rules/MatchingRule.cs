namespace Simulation.TestServers.Proxy;

/// <summary>Acts on the first so many frames that match and lets all others pass.</summary>
public abstract class MatchingRule(Func<NatsFrame, bool> match, int times) : FrameRule
{
    private int _left = times;

    protected internal sealed override ValueTask OnFrameAsync(NatsFrame frame, FrameContext context) =>
        match(frame) && Interlocked.Decrement(ref _left) >= 0 ? ApplyAsync(frame, context) : context.ForwardAsync(frame);

    protected abstract ValueTask ActAsync(NatsFrame frame, FrameContext context);

    private async ValueTask ApplyAsync(NatsFrame frame, FrameContext context)
    {
        await ActAsync(frame, context);
        CountHit(frame);
    }
}
