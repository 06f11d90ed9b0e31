using System.Diagnostics.Metrics;

namespace Simulation.Host.Telemetry;

/// <summary>Checkpoints: how many, how long, how large, and when the last one was.</summary>
internal sealed class CheckpointInstruments : ICheckpointTelemetry
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private long _taken;
    private long _failed;
    private long _bytes;
    private double _seconds;
    private (double Seconds, long Bytes, double At) _last;

    public CheckpointInstruments(Meter meter, TimeProvider time)
    {
        _time = time;
        meter.CreateObservableCounter("simulation_checkpoints_total", () => Read(() => _taken), description: "Checkpoints that were taken.");
        meter.CreateObservableCounter("simulation_checkpoint_failures_total", () => Read(() => _failed), description: "Checkpoints that could not be taken.");
        meter.CreateObservableCounter("simulation_checkpoint_bytes_total", () => Read(() => _bytes), "By", "Bytes stored by checkpoints.");
        meter.CreateObservableCounter("simulation_checkpoint_seconds_total", () => Read(() => _seconds), "s", "Time that checkpoints took.");
        meter.CreateObservableGauge("simulation_checkpoint_last_seconds", () => Read(() => _last.Seconds), "s", "Time that the last checkpoint took; 0 before the first.");
        meter.CreateObservableGauge("simulation_checkpoint_last_bytes", () => Read(() => _last.Bytes), "By", "Size of the last checkpoint; 0 before the first.");
        meter.CreateObservableGauge("simulation_checkpoint_last_timestamp_seconds", () => Read(() => _last.At), "s", "When the last checkpoint was taken, since 1970; 0 before the first.");
    }

    public void CheckpointTaken(TimeSpan took, long bytes)
    {
        lock (_lock)
        {
            _taken++;
            _bytes += bytes;
            _seconds += took.TotalSeconds;
            _last = (took.TotalSeconds, bytes, _time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
        }
    }

    public void CheckpointFailed()
    {
        lock (_lock)
        {
            _failed++;
        }
    }

    private T Read<T>(Func<T> value)
    {
        lock (_lock)
        {
            return value();
        }
    }
}
