using System.Globalization;

namespace Simulation.Host.Telemetry;

/// <summary>How much memory this process has for itself.</summary>
internal static class ProcessMemory
{
    private const string Status = "/proc/self/status";

    /// <summary>
    /// What is in RAM of it and is no mapped file, bytes. History logs are mapped, so resident memory grows with every message, and the
    /// system takes those pages back whenever it wants them: that is no leak. Elsewhere than on Linux: all that is in RAM.
    /// </summary>
    public static long Own() => File.Exists(Status)
        ? 1024 * File.ReadLines(Status).Where(line => line.StartsWith("RssAnon:", StringComparison.Ordinal) || line.StartsWith("RssShmem:", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1], CultureInfo.InvariantCulture))
        : Environment.WorkingSet;
}
