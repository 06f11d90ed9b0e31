using System.Collections.Concurrent;

namespace Simulation.TestServers.Proxy;

/// <summary>Finds the server's answers to the first so many publishes that match, and acts on those.</summary>
public abstract class AcknowledgementRule(Func<NatsFrame, bool> matchPublish, int times) : FrameRule
{
    private readonly ConcurrentDictionary<(ProxyConnection, string Inbox), NatsFrame> _awaited = new();
    private int _left = times;

    protected internal sealed override ValueTask OnFrameAsync(NatsFrame frame, FrameContext context)
    {
        if (frame is { IsPublish: true, ReplyTo: { } inbox } && matchPublish(frame) && Interlocked.Decrement(ref _left) >= 0)
        {
            _awaited[(context.Connection, inbox)] = frame;
        }
        else if (frame.IsMessage && _awaited.TryRemove((context.Connection, frame.Subject), out var publish))
        {
            return ApplyAsync(publish, frame, context);
        }

        return context.ForwardAsync(frame);
    }

    protected abstract ValueTask ActAsync(NatsFrame acknowledgement, FrameContext context);

    private async ValueTask ApplyAsync(NatsFrame publish, NatsFrame acknowledgement, FrameContext context)
    {
        await ActAsync(acknowledgement, context);
        CountHit(publish);
    }
}
