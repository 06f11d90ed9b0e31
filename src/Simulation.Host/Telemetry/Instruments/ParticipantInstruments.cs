using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using static Simulation.Host.Telemetry.MeterExtensions;

namespace Simulation.Host.Telemetry;

/// <summary>The processes with participants in them (isolation: process), while they run, as the operating system sees them.</summary>
internal sealed class ParticipantInstruments
{
    private volatile Func<ImmutableArray<(string Name, int Id)>>? _running;

    public ParticipantInstruments(Meter meter)
    {
        meter.CreateObservableGauge("simulation_participant_processes", () => _running?.Invoke().Length ?? 0,
            description: "Processes with participants that run now; 0 when all of them are in this one.");
        meter.CreateObservableGauge("simulation_participant_memory_bytes", () => Measure<long>(process => process.WorkingSet64), "By",
            "Memory of a process with participants that is in RAM.");
        meter.CreateObservableCounter("simulation_participant_cpu_seconds_total", () => Measure(process => process.TotalProcessorTime.TotalSeconds), "s",
            "Processor time of a process with participants, user and system.");
    }

    /// <param name="running">Asked whenever somebody measures.</param>
    public void Watch(Func<ImmutableArray<(string Name, int Id)>> running) => _running = running;

    private IEnumerable<Measurement<T>> Measure<T>(Func<Process, T> read)
        where T : struct
    {
        foreach ((string name, int id) in _running?.Invoke() ?? [])
        {
            if (TryRead(id, read) is { } value)
            {
                yield return new Measurement<T>(value, Tag("process", name));
            }
        }
    }

    private static T? TryRead<T>(int id, Func<Process, T> read)
        where T : struct
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return read(process);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null; // It has just ended.
        }
    }
}
