namespace Simulation.Kernel;

/// <summary>
/// A callback that can be set again and again without allocating, to one time at once; for adapters of the outside world. It runs on no
/// actor's turn. Not for two threads at once.
/// </summary>
public sealed class Alarm : ITimerTarget
{
    private readonly ActorSystem _system;
    private readonly Action _callback;
    private TimerHandle _handle;
    private int _setting;

    internal Alarm(ActorSystem system, Action callback)
    {
        _system = system;
        _callback = callback;
    }

    /// <summary>Calls once after that time, instead of when it was set to before.</summary>
    public void Set(TimeSpan delay)
    {
        Clear();
        _handle = _system.Dispatcher.StartTimer(delay, this, _setting);
    }

    public void Clear()
    {
        _setting++;
        _system.Dispatcher.CancelTimer(_handle);
    }

    void ITimerTarget.OnTimer(int token)
    {
        if (token != _setting)
        {
            return;
        }

        try
        {
            _callback();
        }
        catch (Exception error)
        {
            _system.Log.Write(LogLevel.Error, _system.Name, "A scheduled callback failed.", error);
        }
    }
}
