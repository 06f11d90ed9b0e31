namespace Simulation.Kernel;

/// <summary>Something a timer calls when its time has come: on no actor's turn, in the real world on any thread.</summary>
internal interface ITimerTarget
{
    /// <param name="token">What was given when the timer was started; tells a late call from a current one.</param>
    void OnTimer(int token);
}
