namespace Simulation.Kernel;

/// <summary>What <see cref="ActorSystem.Schedule"/> hands out: runs once, unless it is disposed before.</summary>
internal sealed class ScheduledCallback(ActorSystem system, Action callback) : ITimerTarget, IDisposable
{
    private TimerHandle _handle;
    private int _over;

    void ITimerTarget.OnTimer(int token)
    {
        if (Interlocked.Exchange(ref _over, 1) != 0)
        {
            return;
        }

        try
        {
            callback();
        }
        catch (Exception error)
        {
            system.Log.Write(LogLevel.Error, system.Name, "A scheduled callback failed.", error);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _over, 1) == 0)
        {
            system.Dispatcher.CancelTimer(_handle);
        }
    }

    internal void Start(TimeSpan delay) => _handle = system.Dispatcher.StartTimer(delay, this, 0);
}
