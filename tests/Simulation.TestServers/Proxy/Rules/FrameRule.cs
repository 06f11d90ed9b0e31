namespace Simulation.TestServers.Proxy;

/// <summary>
/// Something that is done to frames on their way. A rule sees every frame of its connections, in both directions; within one direction
/// of one connection one after another, otherwise at the same time. While it awaits, that direction stands still.
/// </summary>
public abstract class FrameRule
{
    private readonly TaskCompletionSource<NatsFrame> _firstHit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _hits;

    /// <summary>The connections whose frames the rule sees, for example by their <see cref="ProxyConnection.ClientName"/>. Default all.</summary>
    public Func<ProxyConnection, bool> AppliesTo { get; init; } = _ => true;

    /// <summary>How often the rule did what it is there for.</summary>
    public int Hits => Volatile.Read(ref _hits);

    /// <summary>Completes with the first frame that the rule was applied to: proof that the fault bit, and a signal to wait for.</summary>
    public Task<NatsFrame> FirstHit => _firstHit.Task;

    /// <summary>Forwards the frame, or does something else.</summary>
    protected internal abstract ValueTask OnFrameAsync(NatsFrame frame, FrameContext context);

    protected void CountHit(NatsFrame frame)
    {
        Interlocked.Increment(ref _hits);
        _firstHit.TrySetResult(frame);
    }
}
