using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Simulation.Nats.Embedded;

/// <summary>
/// One incarnation of a server process, under a shell that sees to it that the server never outlives this process, however this
/// process ends: docs/decisions/embedded-nats-server.md says why it is done this way.
/// </summary>
internal sealed class NatsServerProcess : IDisposable
{
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private static readonly int SigStop = OperatingSystem.IsMacOS() ? 17 : 19;
    private static readonly int SigContinue = OperatingSystem.IsMacOS() ? 19 : 18;

    /// <summary>
    /// $1 is the log file, the rest is the server's command. The shell's standard input is a pipe of which this process holds the other end: the
    /// watchdog reads it until its end, which comes when this process closes it or is gone, and ends the server: in order, so that a store of
    /// millions of messages need not be searched at the next start, and after two seconds anyhow. Where setpriv is there the kernel kills the
    /// server when the shell is killed.
    /// </summary>
    private const string Guard = """
        log=$1; shift
        exec 3<&0 </dev/null
        trap '' INT HUP
        prefix=
        if setpriv --pdeathsig KILL true 2>/dev/null; then prefix="setpriv --pdeathsig KILL"; fi
        $prefix "$@" >>"$log" 2>&1 3<&- &
        server=$!
        echo $server
        exec >/dev/null 2>&1
        (
            trap '' TERM
            while read -r _; do :; done
            kill -TERM $server; kill -CONT $server
            for _ in $(seq 20); do kill -0 $server || exit; sleep 0.1; done
            kill -KILL $server
        ) <&3 3<&- &
        watchdog=$!
        exec 3<&-
        wait $server; code=$?
        kill -KILL $watchdog
        exit $code
        """;

    private readonly Process _guard;
    private readonly StreamWriter _lifeline;
    private readonly object _gate = new();

    private NatsServerProcess(Process guard, int id)
    {
        _guard = guard;
        _lifeline = guard.StandardInput;
        Id = id;
        Exited = WaitAsync();
    }

    /// <summary>The server's own process id.</summary>
    public int Id { get; }

    /// <summary>Completes with the exit code.</summary>
    public Task<int> Exited { get; }

    public static async Task<NatsServerProcess> StartAsync(string executable, string configFile, string logFile)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new NatsServerStartException(
                NatsServerStartProblem.Unsupported, "An embedded nats-server needs Linux or macOS. Start one yourself and use nats.mode: external.");
        }

        Process guard = GuardShell.Start(Guard, "nats-server-guard", logFile, executable, "-c", configFile);
        string? answer = await guard.StandardOutput.ReadLineAsync();
        if (int.TryParse(answer, CultureInfo.InvariantCulture, out int id))
        {
            return new NatsServerProcess(guard, id);
        }

        guard.Dispose();
        throw new NatsServerStartException(NatsServerStartProblem.Died, "/bin/sh could not start nats-server.");
    }

    public void Terminate() => Signal(SigTerm);

    public void Kill() => Signal(SigKill);

    /// <returns>False when it had ended already.</returns>
    public bool Suspend() => Signal(SigStop);

    public void Resume() => Signal(SigContinue);

    /// <summary>Stopped by a signal, as the operating system sees it.</summary>
    public async Task<bool> IsStoppedAsync()
    {
        // "4711 (nats-server) T …" where there is /proc; else ps prints the letter.
        string stat = $"/proc/{Id}/stat";
        string state = File.Exists(stat)
            ? (await File.ReadAllTextAsync(stat)).Split(") ")[^1]
            : (await Tool.RunAsync("ps", ["-o", "state=", "-p", Id.ToString(CultureInfo.InvariantCulture)])).Output;
        return state.StartsWith('T');
    }

    /// <summary>Lets go of the guard's pipe: a server that still runs is ended.</summary>
    public void Dispose() => _lifeline.Dispose();

    private async Task<int> WaitAsync()
    {
        await _guard.WaitForExitAsync();
        lock (_gate)
        {
            // Streams that were taken stay open when a process is disposed of.
            int code = _guard.ExitCode;
            _guard.StandardOutput.Dispose();
            _lifeline.Dispose();
            _guard.Dispose();
            return code;
        }
    }

    private bool Signal(int signal)
    {
        // While the guard lives, the server's id cannot have been given to another process for longer than the guard takes to exit.
        lock (_gate)
        {
            return !Exited.IsCompleted && SendSignal(Id, signal) == 0;
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int processId, int signal);
}
