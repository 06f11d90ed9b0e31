using System.Globalization;
using Simulation.Chaos;
using Simulation.History;
using Simulation.Host.Telemetry;

namespace Simulation.Host.Tests.Telemetry;

public sealed class ChaosInstrumentsTests : IDisposable
{
    private readonly Clock _clock = new();
    private readonly RunInstruments _instruments;
    private readonly MetricCollector _collector;

    public ChaosInstrumentsTests()
    {
        _instruments = new RunInstruments(new Dictionary<string, string>(), time: _clock);
        _collector = new MetricCollector(_instruments.Meter);
    }

    private string Metrics => _collector.Write(ExpositionFormat.Text);

    public void Dispose()
    {
        _collector.Dispose();
        _instruments.Dispose();
    }

    /// <summary>It would fall between two scrapes, and no dashboard would show it.</summary>
    [Fact]
    public void FaultActive_OverInAMoment_IsToldForLongerThanAScrapeInterval()
    {
        PlannedFault crash = Fault(1, FaultKind.WorkerCrash, "worker-1");
        _instruments.FaultStarted(crash);
        _instruments.FaultEnded(crash);

        Assert.Contains("\nsimulation_fault_active{type=\"worker_crash\",target=\"worker-1\"} 1\n", Metrics);
        _clock.Pass(TimeSpan.FromSeconds(16));
        Assert.Contains("\nsimulation_fault_active{type=\"worker_crash\",target=\"worker-1\"} 1\n", Metrics);
        _clock.Pass(TimeSpan.FromSeconds(2));
        Assert.Contains("\nsimulation_fault_active{type=\"worker_crash\",target=\"worker-1\"} 0\n", Metrics);
        Assert.Contains("\nsimulation_chaos_events_total{type=\"worker_crash\"} 1\n", Metrics);
    }

    [Fact]
    public void FaultActive_ThatLasts_IsToldUntilItsEnd()
    {
        PlannedFault pause = Fault(1, FaultKind.ServerPause);
        _instruments.FaultStarted(pause);
        _clock.Pass(TimeSpan.FromHours(1));
        Assert.Contains("\nsimulation_fault_active{type=\"server_pause\",target=\"run\"} 1\n", Metrics);
        _instruments.FaultEnded(pause);
        Assert.Contains("\nsimulation_fault_active{type=\"server_pause\",target=\"run\"} 0\n", Metrics);
    }

    /// <summary>A night of crashes under new names must not make every scrape larger.</summary>
    [Fact]
    public void FaultActive_ManyThatAreOver_AreForgotten()
    {
        for (int i = 0; i < 1000; i++)
        {
            PlannedFault crash = Fault(i, FaultKind.WorkerCrash, string.Create(CultureInfo.InvariantCulture, $"worker-{i}"));
            _instruments.FaultStarted(crash);
            _instruments.FaultEnded(crash);
        }

        Assert.InRange(Metrics.Split("\nsimulation_fault_active{").Length - 1, 1, 200);
        Assert.Contains("target=\"worker-999\"", Metrics);
    }

    [Fact]
    public void Recovered_AllStages_IsCountedOffTheRecovering()
    {
        PlannedFault crash = Fault(1, FaultKind.WorkerCrash, "worker-1");
        _instruments.FaultStarted(crash);
        _instruments.FaultEnded(crash);
        _instruments.Recovered(crash, RecoveryStage.Publishing, TimeSpan.FromSeconds(1));
        _instruments.Recovered(crash, RecoveryStage.Ownership, TimeSpan.FromSeconds(4));
        Assert.Contains("\nsimulation_faults_recovering 1\n", Metrics);
        _instruments.Recovered(crash, RecoveryStage.Backlog, TimeSpan.FromSeconds(7));
        Assert.Contains("\nsimulation_faults_recovering 0\n", Metrics);
        Assert.Contains("\nsimulation_recovery_seconds_sum{type=\"worker_crash\",stage=\"backlog\"} 7\n", Metrics);
    }

    [Fact]
    public void Checkpoints_TakenAndFailed_AreTold()
    {
        _instruments.CheckpointTaken(TimeSpan.FromSeconds(0.5), 4000);
        _instruments.CheckpointTaken(TimeSpan.FromSeconds(0.25), 6000);
        _instruments.CheckpointFailed();

        Assert.Contains("\nsimulation_checkpoints_total 2\n", Metrics);
        Assert.Contains("\nsimulation_checkpoint_failures_total 1\n", Metrics);
        Assert.Contains("\nsimulation_checkpoint_bytes_total 10000\n", Metrics);
        Assert.Contains("\nsimulation_checkpoint_seconds_total 0.75\n", Metrics);
        Assert.Contains("\nsimulation_checkpoint_last_bytes 6000\n", Metrics);
        Assert.Contains("\nsimulation_checkpoint_last_timestamp_seconds 1\n", Metrics);
    }

    private static PlannedFault Fault(int number, FaultKind kind, params string[] targets) =>
        new() { Number = number, At = TimeSpan.Zero, Kind = kind, Targets = [.. targets] };

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddSeconds(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time) => _now += time;

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _now.Ticks;
    }
}
