namespace Simulation.TestServers.Proxy;

/// <summary>Another frame arrives in its place.</summary>
public sealed class AlterFrames(Func<NatsFrame, bool> match, Func<NatsFrame, NatsFrame> alter, int times = 1) : MatchingRule(match, times)
{
    /// <summary>Inverts the bits of one byte of the payload.</summary>
    /// <param name="offset">Which byte; from the end when negative.</param>
    public static AlterFrames FlipPayloadByte(Func<NatsFrame, bool> match, int offset, int times = 1) => new(
        match,
        frame =>
        {
            var payload = frame.Payload.ToArray();
            payload[offset < 0 ? payload.Length + offset : offset] ^= 0xFF;
            return frame with { Payload = payload };
        },
        times);

    protected override ValueTask ActAsync(NatsFrame frame, FrameContext context) => context.ForwardAsync(alter(frame));
}
