using System.Diagnostics;
using System.Globalization;
using Simulation.Host.Telemetry;

namespace Simulation.Host.Reports;

/// <summary>What only the process knows, at one second.</summary>
/// <param name="UnixSeconds">Since 1970, UTC.</param>
/// <param name="MemoryBytes">In RAM, of the harness itself; mapped files, such as history logs, are not among it.</param>
/// <param name="HeapBytes">Managed heap after the last collection, and what was allocated since.</param>
/// <param name="CpuSeconds">Used since the process began.</param>
/// <param name="Threads">Of the process.</param>
/// <param name="Handles">Open file descriptors; handles on Windows.</param>
internal sealed record ProcessSample(long UnixSeconds, long MemoryBytes, long HeapBytes, double CpuSeconds, int Threads, int Handles)
{
    public const string Header = "unix_seconds,memory_bytes,heap_bytes,cpu_seconds,threads,handles";

    private const string DescriptorFolder = "/proc/self/fd";

    public static ProcessSample Take(DateTimeOffset now)
    {
        using var process = Process.GetCurrentProcess();
        return new ProcessSample(
            now.ToUnixTimeSeconds(), ProcessMemory.Own(), GC.GetTotalMemory(forceFullCollection: false), process.TotalProcessorTime.TotalSeconds,
            process.Threads.Count, Directory.Exists(DescriptorFolder) ? Directory.EnumerateFileSystemEntries(DescriptorFolder).Count() : process.HandleCount);
    }

    /// <returns>Null for a line that was never finished.</returns>
    public static ProcessSample? Parse(string line)
    {
        string[] fields = line.Split(',');
        return fields.Length == 6
            && long.TryParse(fields[0], CultureInfo.InvariantCulture, out long second)
            && long.TryParse(fields[1], CultureInfo.InvariantCulture, out long memory)
            && long.TryParse(fields[2], CultureInfo.InvariantCulture, out long heap)
            && double.TryParse(fields[3], CultureInfo.InvariantCulture, out double cpu)
            && int.TryParse(fields[4], CultureInfo.InvariantCulture, out int threads)
            && int.TryParse(fields[5], CultureInfo.InvariantCulture, out int handles)
            ? new ProcessSample(second, memory, heap, cpu, threads, handles)
            : null;
    }

    /// <returns>Processors used since an earlier sample; null when that was of another process, as in a run that was resumed.</returns>
    public double? CpuSince(ProcessSample? before) =>
        before is null || CpuSeconds < before.CpuSeconds || UnixSeconds <= before.UnixSeconds
            ? null
            : (CpuSeconds - before.CpuSeconds) / (UnixSeconds - before.UnixSeconds);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{UnixSeconds},{MemoryBytes},{HeapBytes},{CpuSeconds:0.###},{Threads},{Handles}");
}
