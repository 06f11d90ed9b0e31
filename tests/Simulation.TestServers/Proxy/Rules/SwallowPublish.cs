namespace Simulation.TestServers.Proxy;

/// <summary>The server never sees the message, and the client is told that it was stored.</summary>
/// <param name="stream">The stream that is said to have stored it.</param>
/// <param name="sequence">The sequence that it is said to have got. Choose one that no other message gets, unless that is the fault.</param>
public sealed class SwallowPublish(Func<NatsFrame, bool> match, string stream, Func<NatsFrame, ulong> sequence, int times = 1)
    : MatchingRule(frame => frame is { IsPublish: true, ReplyTo: not null } && match(frame), times)
{
    protected override ValueTask ActAsync(NatsFrame frame, FrameContext context) =>
        context.Connection.AnswerAsync(frame, PublishAcknowledgement.Text(stream, sequence(frame)));
}
