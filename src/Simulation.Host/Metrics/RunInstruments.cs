using System.Diagnostics.Metrics;
using Simulation.Actors;
using Simulation.Chaos;
using Simulation.History;
using Simulation.Host.View;

namespace Simulation.Host.Metrics;

/// <summary>Everything that is measured of a run, under the names that dashboards know. Totals come from the tracker's fold, times from the actors.</summary>
public sealed class RunInstruments : IRunTelemetry, IChaosTelemetry, IDisposable
{
    private readonly Histogram<double> _processing;
    private readonly Histogram<double> _rebalancing;
    private readonly Histogram<double> _perWorker;
    private readonly Counter<long> _faults;
    private readonly UpDownCounter<long> _faultsActive;
    private readonly Histogram<double> _recovery;
    private volatile RunSnapshot? _latest;
    private long _gapsSeen;

    /// <param name="info">Labels of <c>simulation_run_info</c>: what run this is.</param>
    public RunInstruments(IReadOnlyDictionary<string, string> info)
    {
        Meter = new Meter("Simulation");
        _processing = Histogram("simulation_message_processing_duration_seconds", "s", "Time that a handler took for one message.",
            [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]);
        _rebalancing = Histogram("simulation_rebalancing_duration_seconds", "s", "Time from a new assignment until every unit had its new owner.",
            [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]);
        _perWorker = Histogram("simulation_partitions_per_worker", null, "Partitions that a worker owned, for each worker at every change of ownership.",
            [0, 1, 2, 5, 10, 15, 20, 30, 50, 100, 200, 500, 1000]);
        _faults = Meter.CreateCounter<long>("simulation_chaos_events_total", description: "Faults that were injected, by kind.");
        _faultsActive = Meter.CreateUpDownCounter<long>("simulation_fault_active", description: "Whether a fault is going on there now.");
        _recovery = Histogram("simulation_recovery_seconds", "s", "Time from the beginning of a fault until the run was well again, by kind and by what was well.",
            [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600]);
        Counter("simulation_messages_sent_total", "Messages acknowledged by the server.", snapshot => ByPartition(snapshot, totals => totals.Sent));
        Counter("simulation_messages_received_total", "Messages processed, each counted once.", snapshot => ByPartition(snapshot, totals => totals.Received));
        Counter("simulation_message_gaps_total", "Messages that were found missing below a later one; most of them come later.", _ => [new(Interlocked.Read(ref _gapsSeen))]);
        Counter("simulation_message_duplicates_total", "Messages processed twice or stored twice.", snapshot => [new(snapshot.Duplicates)]);
        Counter("simulation_message_redeliveries_total", "Deliveries with a count above one.", snapshot => [new(snapshot.Redelivered)]);
        Gauge("simulation_message_gaps_pending", "Messages missing now below a later one of their partition.", snapshot => snapshot.GapsPending);
        Gauge("simulation_message_lag", "Messages acknowledged by the server and not processed.", snapshot => snapshot.Lag);
        Gauge("simulation_workers_active", "Workers that take part.", snapshot => snapshot.WorkersActive);
        Meter.CreateObservableGauge(
            "simulation_run_info",
            () => new Measurement<int>(1, info.Select(label => new KeyValuePair<string, object?>(label.Key, label.Value))),
            description: "What run this is; always 1.");
    }

    public Meter Meter { get; }

    public void MessageProcessed(TimeSpan duration) => _processing.Record(duration.TotalSeconds);

    public void RebalanceCompleted(TimeSpan duration, int movedUnits) => _rebalancing.Record(duration.TotalSeconds);

    public void FaultStarted(PlannedFault fault)
    {
        _faults.Add(1, new KeyValuePair<string, object?>("type", fault.Name));
        CountActive(fault, 1);
    }

    public void FaultEnded(PlannedFault fault) => CountActive(fault, -1);

    public void Recovered(PlannedFault fault, RecoveryStage stage, TimeSpan after) => _recovery.Record(
        after.TotalSeconds, new("type", fault.Name), new("stage", stage.ToString().ToLowerInvariant()));

    /// <summary>From one place, one after another.</summary>
    public void Show(RunSnapshot snapshot)
    {
        RunSnapshot? before = _latest;
        Interlocked.Add(ref _gapsSeen, Math.Max(0, snapshot.GapsPending - (before?.GapsPending ?? 0)));
        if (before is null || !before.PartitionsPerWorker.SequenceEqual(snapshot.PartitionsPerWorker))
        {
            foreach (int partitions in snapshot.PartitionsPerWorker)
            {
                _perWorker.Record(partitions);
            }
        }

        _latest = snapshot;
    }

    public void Dispose() => Meter.Dispose();

    private void CountActive(PlannedFault fault, int change)
    {
        foreach (string target in fault.Targets.DefaultIfEmpty("run"))
        {
            _faultsActive.Add(change, new("type", fault.Name), new("target", target));
        }
    }

    private static IEnumerable<Measurement<long>> ByPartition(RunSnapshot snapshot, Func<PartitionCounts, long> value) =>
        snapshot.Partitions.Select(totals => new Measurement<long>(value(totals), new KeyValuePair<string, object?>("partition", totals.Partition)));

    private void Counter(string name, string description, Func<RunSnapshot, IEnumerable<Measurement<long>>> read) =>
        Meter.CreateObservableCounter(name, () => _latest is { } snapshot ? read(snapshot) : [], description: description);

    private void Gauge(string name, string description, Func<RunSnapshot, long> read) =>
        Meter.CreateObservableGauge(name, () => _latest is { } snapshot ? [new Measurement<long>(read(snapshot))] : Array.Empty<Measurement<long>>(), description: description);

    private Histogram<double> Histogram(string name, string? unit, string description, double[] bounds) =>
        Meter.CreateHistogram(name, unit, description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
}
