namespace Simulation.TestServers.Proxy;

/// <summary>The frame, and everything behind it in its direction of its connection, waits until it is released.</summary>
public sealed class HoldFrames(Func<NatsFrame, bool> match) : FrameRule
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _released.TrySetResult();

    protected internal override async ValueTask OnFrameAsync(NatsFrame frame, FrameContext context)
    {
        if (match(frame) && !_released.Task.IsCompleted)
        {
            CountHit(frame);
            await _released.Task.WaitAsync(context.Connection.Closing);
        }

        await context.ForwardAsync(frame);
    }
}
