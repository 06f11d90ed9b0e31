namespace Simulation.Kernel;

/// <summary>
/// Stands in the loop of the virtual world and refuses what plain tasks would post to it: they would go on outside of any actor's turn,
/// at a moment that no seed decides. What goes on elsewhere instead is noticed by <see cref="WorldFlow"/>.
/// </summary>
/// <param name="loopThread">On which the loop runs; 0 while it does not.</param>
internal sealed class TrapSynchronizationContext(Func<int> loopThread) : SynchronizationContext
{
    private Exception? _sprung;

    /// <summary>A plain task wants to continue here. It may be on any thread, where throwing would end the process: the loop throws.</summary>
    public override void Post(SendOrPostCallback d, object? state) =>
        Spring(new ForeignAwaitException(state?.GetType() ?? d.Method.DeclaringType ?? typeof(Task)));

    public override void Send(SendOrPostCallback d, object? state) => Post(d, state);

    /// <summary>An <c>async void</c> method begins.</summary>
    public override void OperationStarted() => throw new ForeignAwaitException(typeof(void));

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Something that the loop has begun goes on, on this thread.</summary>
    internal void OnMarkSeen(int thread)
    {
        if (thread != loopThread())
        {
            Spring(new ForeignWorkException("Something that began in the virtual world went on outside of it: on the thread pool, by a real timer or on a new thread."));
        }
    }

    internal void ThrowIfSprung()
    {
        if (Volatile.Read(ref _sprung) is { } error)
        {
            throw error;
        }
    }

    private void Spring(Exception error) => Interlocked.CompareExchange(ref _sprung, error, null);
}
