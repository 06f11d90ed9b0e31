namespace Simulation.TestServers.Proxy;

/// <summary>The client is told another sequence than the server gave. <see cref="FrameRule.FirstHit"/> is the publish.</summary>
/// <param name="rewrite">The sequence that the client shall see, made from the true one.</param>
public sealed class RewriteAcknowledgement(Func<NatsFrame, bool> matchPublish, Func<ulong, ulong> rewrite, int times = 1)
    : AcknowledgementRule(matchPublish, times)
{
    protected override ValueTask ActAsync(NatsFrame acknowledgement, FrameContext context)
    {
        var sequence = PublishAcknowledgement.SequenceOf(acknowledgement);
        return context.ForwardAsync(PublishAcknowledgement.WithSequence(acknowledgement, rewrite(sequence)));
    }
}
