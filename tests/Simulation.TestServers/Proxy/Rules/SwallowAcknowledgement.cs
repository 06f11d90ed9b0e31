namespace Simulation.TestServers.Proxy;

/// <summary>The server stores the message, and the client never hears of it. <see cref="FrameRule.FirstHit"/> is the publish.</summary>
public sealed class SwallowAcknowledgement(Func<NatsFrame, bool> matchPublish, int times = 1) : AcknowledgementRule(matchPublish, times)
{
    protected override ValueTask ActAsync(NatsFrame acknowledgement, FrameContext context) => ValueTask.CompletedTask;
}
