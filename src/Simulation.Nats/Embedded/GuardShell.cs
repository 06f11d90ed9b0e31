using System.Diagnostics;

namespace Simulation.Nats.Embedded;

/// <summary>
/// Starts a shell script that outlives this process just long enough to tidy up behind it. Its standard input is a pipe of which this process
/// holds the other end: it ends when this process closes it or is gone, however it went.
/// </summary>
internal static class GuardShell
{
    /// <summary>Runs its arguments as a shell's, in a session of their own: neither Ctrl-C nor a kill of this process' group reaches them.</summary>
    private const string Launcher = """
        if command -v setsid >/dev/null; then exec setsid /bin/sh "$@"; else exec /bin/sh -m "$@" 2>/dev/null; fi
        """;

    /// <summary>Without setsid the script runs with job control, in which a stopped child counts as ended.</summary>
    public static bool HasSessions { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/bin").Any(folder => File.Exists(Path.Combine(folder, "setsid")));

    /// <param name="name">What the process list shows as the script's <c>$0</c>.</param>
    public static Process Start(string script, string name, params string[] arguments) =>
        Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Launcher, "launcher", "-c", script, name, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
}
