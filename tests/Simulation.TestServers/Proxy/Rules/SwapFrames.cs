namespace Simulation.TestServers.Proxy;

/// <summary>
/// The first matching frame waits for the second and arrives after it; everything else passes. <see cref="FrameRule.FirstHit"/> is the
/// second frame. Without a second, the first never arrives.
/// </summary>
public sealed class SwapFrames(Func<NatsFrame, bool> match) : FrameRule
{
    private readonly Lock _lock = new();
    private (NatsFrame Frame, FrameContext Context)? _first;
    private bool _done;

    protected internal override ValueTask OnFrameAsync(NatsFrame frame, FrameContext context)
    {
        (NatsFrame, FrameContext) first;
        lock (_lock)
        {
            if (_done || !match(frame))
            {
                return context.ForwardAsync(frame);
            }

            if (_first is null)
            {
                _first = (frame, context);
                return ValueTask.CompletedTask;
            }

            first = _first.Value;
            _done = true;
        }

        return SwapAsync(first, (frame, context));
    }

    private async ValueTask SwapAsync((NatsFrame Frame, FrameContext Context) first, (NatsFrame Frame, FrameContext Context) second)
    {
        // Flushed one by one, because the two may be of different connections.
        await second.Context.ForwardAsync(second.Frame);
        await second.Context.FlushAsync();
        await first.Context.ForwardAsync(first.Frame);
        await first.Context.FlushAsync();
        CountHit(second.Frame);
    }
}
