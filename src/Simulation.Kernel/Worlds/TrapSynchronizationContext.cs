namespace Simulation.Kernel;

/// <summary>
/// Stands in the loop of the virtual world and refuses what plain tasks would post to it: they would go on outside of any actor's turn,
/// at a moment that no seed decides.
/// </summary>
internal sealed class TrapSynchronizationContext : SynchronizationContext
{
    private ForeignAwaitException? _sprung;

    /// <summary>A plain task wants to continue here. It may be on any thread, where throwing would end the process: the loop throws.</summary>
    public override void Post(SendOrPostCallback d, object? state) =>
        Interlocked.CompareExchange(ref _sprung, new ForeignAwaitException(state?.GetType() ?? d.Method.DeclaringType ?? typeof(Task)), null);

    public override void Send(SendOrPostCallback d, object? state) => Post(d, state);

    /// <summary>An <c>async void</c> method begins.</summary>
    public override void OperationStarted() => throw new ForeignAwaitException(typeof(void));

    public override SynchronizationContext CreateCopy() => this;

    internal void ThrowIfSprung()
    {
        if (Volatile.Read(ref _sprung) is { } error)
        {
            throw error;
        }
    }
}
