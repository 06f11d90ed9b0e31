namespace Simulation.Kernel;

/// <summary>
/// Named timers of one actor; all are cancelled when it stops, restarts or is killed. Starting one under a key that is in use replaces
/// it. After <see cref="Cancel"/> its message is not handled any more, even if it waits in the mailbox already.
/// </summary>
public interface ITimers
{
    void StartSingleTimer(object key, object message, TimeSpan delay);

    void StartPeriodicTimer(object key, object message, TimeSpan interval);

    /// <summary>Ticks do not drift, and do not pile up: a tick that the actor could not handle in time stands for those missed meanwhile.</summary>
    void StartPeriodicTimer(object key, object message, TimeSpan initialDelay, TimeSpan interval);

    bool IsTimerActive(object key);

    void Cancel(object key);

    void CancelAll();
}
