using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Simulation.Host.Telemetry;

/// <summary>
/// This process as the operating system sees it, under the names that every Prometheus client uses. Garbage collection, heaps and the
/// thread pool are told by .NET's own meter.
/// </summary>
internal sealed class ProcessInstruments
{
    private const string Descriptors = "/proc/self/fd";
    private const string Limits = "/proc/self/limits";

    private readonly Process _self = Process.GetCurrentProcess();

    public ProcessInstruments(Meter meter)
    {
        meter.CreateObservableGauge("simulation_memory_bytes", ProcessMemory.Own, "By", "Memory of this process that is in RAM and no mapped file, as history logs are.");
        meter.CreateObservableGauge("process_resident_memory_bytes", () => Fresh().WorkingSet64, "By", "Memory of this process that is in RAM, mapped history logs among it.");
        meter.CreateObservableGauge("process_virtual_memory_bytes", () => Fresh().VirtualMemorySize64, "By", "Addresses that this process has taken.");
        meter.CreateObservableCounter("process_cpu_seconds_total", () => Fresh().TotalProcessorTime.TotalSeconds, "s", "Processor time, user and system.");
        meter.CreateObservableGauge("process_threads", () => Fresh().Threads.Count, description: "Threads of this process.");
        double started = new DateTimeOffset(_self.StartTime).ToUnixTimeMilliseconds() / 1000.0;
        meter.CreateObservableGauge("process_start_time_seconds", () => started, "s", "When this process started, since 1970.");
        if (Directory.Exists(Descriptors))
        {
            meter.CreateObservableGauge("process_open_fds", () => Directory.GetFiles(Descriptors).Length, description: "File descriptors that are open, sockets among them.");
            meter.CreateObservableGauge("simulation_process_sockets", CountSockets, description: "Sockets that are open.");
            double most = MostDescriptors();
            meter.CreateObservableGauge("process_max_fds", () => most, description: "File descriptors that may be open.");
        }
    }

    private Process Fresh()
    {
        _self.Refresh();
        return _self;
    }

    private static int CountSockets() => Directory.GetFiles(Descriptors).Count(IsSocket);

    private static bool IsSocket(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) ?? false;
        }
        catch (IOException)
        {
            return false; // Closed meanwhile.
        }
    }

    /// <summary>From the line <c>Max open files  1024  524288  files</c>; the first number is the limit that holds.</summary>
    private static double MostDescriptors()
    {
        string? line = File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        return double.TryParse(line?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], NumberStyles.Integer, CultureInfo.InvariantCulture, out double most)
            ? most
            : double.PositiveInfinity;
    }
}
