namespace Simulation.TestServers.Proxy;

/// <summary>The frame, and everything behind it in its direction of its connection, arrives later. The order stays.</summary>
public sealed class DelayFrames(Func<NatsFrame, bool> match, TimeSpan delay, int times = int.MaxValue) : MatchingRule(match, times)
{
    protected override async ValueTask ActAsync(NatsFrame frame, FrameContext context)
    {
        await Task.Delay(delay, context.Connection.Closing);
        await context.ForwardAsync(frame);
    }
}
