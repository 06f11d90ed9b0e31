namespace Simulation.Kernel;

/// <summary>
/// Something that can be set again and again without allocating, to one time at once; for adapters of the outside world. It rings on no
/// actor's turn. Not for two threads at once.
/// </summary>
public abstract class Alarm(ActorSystem system) : ITimerTarget
{
    private TimerHandle _handle;
    private int _setting;

    /// <summary>Rings once after that time, instead of when it was set to before.</summary>
    public void Set(TimeSpan delay)
    {
        Clear();
        _handle = system.Dispatcher.StartTimer(delay, this, _setting);
    }

    /// <summary>As <see cref="Set"/>, by somebody who knows that it is not set: nothing has to be looked up to be cleared.</summary>
    protected void SetAnew(TimeSpan delay) => _handle = system.Dispatcher.StartTimer(delay, this, ++_setting);

    public void Clear()
    {
        _setting++;
        system.Dispatcher.CancelTimer(_handle);
    }

    void ITimerTarget.OnTimer(int token)
    {
        if (token != _setting)
        {
            return;
        }

        try
        {
            Ring();
        }
        catch (Exception error)
        {
            system.Log.Write(LogLevel.Error, system.Name, "A scheduled callback failed.", error);
        }
    }

    /// <summary>The time has come.</summary>
    protected abstract void Ring();
}
