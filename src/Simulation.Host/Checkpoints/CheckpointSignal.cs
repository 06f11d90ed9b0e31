using System.Runtime.InteropServices;

namespace Simulation.Host.Checkpoints;

/// <summary>
/// SIGUSR1: a checkpoint now. It is heard for as long as there is a run to be harmed, with or without checkpoints: where nobody hears it, the
/// system ends the process.
/// </summary>
public sealed class CheckpointSignal : IDisposable
{
    private readonly PosixSignalRegistration? _registration;
    private volatile Action? _asked;

    public CheckpointSignal()
    {
        if (!OperatingSystem.IsWindows())
        {
            _registration = PosixSignalRegistration.Create((PosixSignal)(OperatingSystem.IsMacOS() ? 30 : 10), Handle);
        }
    }

    /// <summary>Told from now on, in place of the one before; null for nobody.</summary>
    public void Tell(Action? asked) => _asked = asked;

    public void Dispose() => _registration?.Dispose();

    private void Handle(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _asked?.Invoke();
    }
}
