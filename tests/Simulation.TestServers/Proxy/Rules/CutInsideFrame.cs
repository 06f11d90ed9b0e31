namespace Simulation.TestServers.Proxy;

/// <summary>The connection breaks, on both sides, when the first part of the frame has been sent.</summary>
/// <param name="bytes">How much is sent; null for the half.</param>
public sealed class CutInsideFrame(Func<NatsFrame, bool> match, int? bytes = null, int times = 1) : MatchingRule(match, times)
{
    protected override ValueTask ActAsync(NatsFrame frame, FrameContext context) =>
        context.CutAsync(frame, bytes ?? frame.ToBytes().Length / 2);
}
