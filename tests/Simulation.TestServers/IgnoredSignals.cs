using System.Globalization;
using Xunit;

namespace Simulation.TestServers;

/// <summary>
/// What whoever started the tests has had ignored. A shell does that to SIGINT for all that its scripts start in the background, and it stays so
/// for whatever is started from there.
/// </summary>
public static class IgnoredSignals
{
    private const string Ignored = "SigIgn:";

    private const ulong Interrupt = 1 << 1;

    /// <summary>Skips the test when SIGINT reaches neither it nor what it starts.</summary>
    public static void RequireInterrupt() => Skip.If(
        (Mask() & Interrupt) != 0, "SIGINT is ignored here, as it is for whatever a script starts in the background: run the tests in the foreground");

    private static ulong Mask()
    {
        const string Status = "/proc/self/status";
        string? line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) : null;
        return line is null ? 0 : ulong.Parse(line[Ignored.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
