namespace Simulation.Kernel;

/// <summary>Cancels one timer; the default one cancels nothing.</summary>
internal readonly record struct TimerHandle(int Slot, int Version);
