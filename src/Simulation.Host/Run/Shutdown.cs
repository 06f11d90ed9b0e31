using System.Runtime.InteropServices;

namespace Simulation.Host.Run;

/// <summary>Ctrl-C, SIGTERM, and SIGHUP of a terminal that was closed: the first asks for the drain and the verdict so far, the second stops at once.</summary>
public sealed class Shutdown : IDisposable
{
    private const string Draining = "Draining: producers stop, what is under way is finished, then the verdict so far. Once more to stop at once.";

    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations = [];
    private readonly Action<string> _say;
    private readonly string _first;
    private int _signals;

    /// <param name="say">Told what a signal does.</param>
    /// <param name="first">What the first signal does, in words.</param>
    /// <param name="listen">To the signals of this process.</param>
    public Shutdown(Action<string> say, string first = Draining, bool listen = true)
    {
        _say = say;
        _first = first;
        if (listen)
        {
            _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
        }
    }

    /// <summary>Stop sending, drain, judge.</summary>
    public CancellationToken Drain => _drain.Token;

    /// <summary>Leave now; the server process and the like still have to be stopped.</summary>
    public CancellationToken Stop => _stop.Token;

    public bool WasAskedToStop => _stop.IsCancellationRequested;

    public bool WasAskedToDrain => _drain.IsCancellationRequested;

    /// <returns>False when asking nicely is over, and the process should end.</returns>
    public bool Signal()
    {
        switch (Interlocked.Increment(ref _signals))
        {
            case 1:
                _say(_first);
                _drain.Cancel();
                return true;
            case 2:
                _say("Stopping at once, without a verdict.");
                _drain.Cancel();
                _stop.Cancel();
                return true;
            default:
                return false;
        }
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _drain.Dispose();
        _stop.Dispose();
    }

    /// <summary>The third signal is left to the system, which ends the process.</summary>
    private void Handle(PosixSignalContext context) => context.Cancel = Signal();
}
