using System.Diagnostics.Metrics;
using Simulation.Host.View;
using static Simulation.Host.Telemetry.MeterExtensions;

namespace Simulation.Host.Telemetry;

/// <summary>Workers, who owns how much, and what moving it took.</summary>
internal sealed class OwnershipInstruments
{
    private readonly Histogram<double> _rebalancing;
    private readonly Histogram<double> _perWorker;
    private volatile RunSnapshot? _latest;
    private long _moved;

    public OwnershipInstruments(Meter meter)
    {
        _rebalancing = meter.Histogram("simulation_rebalancing_duration_seconds", "s", "Time from a new assignment until every unit had its new owner.",
            [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]);
        _perWorker = meter.Histogram("simulation_partitions_per_worker", null, "Partitions that a worker owned, for each worker at every change of ownership.",
            [0, 1, 2, 5, 10, 15, 20, 30, 50, 100, 200, 500, 1000]);
        meter.Counter("simulation_units_moved_total", "Units of ownership (partitions, or fixed groups of them) that got a new owner.", () => [new(Interlocked.Read(ref _moved))]);
        Level(meter, "simulation_workers_active", "Workers that take part.", snapshot => snapshot.WorkersActive);
        Level(meter, "simulation_partitions_owned", "Partitions that have an owner.", snapshot => snapshot.PartitionsOwned);
        Level(meter, "simulation_partitions", "Partitions of the run.", snapshot => snapshot.PartitionsTotal);
        meter.CreateObservableGauge("simulation_worker_partitions", () => ByWorker((_, owned) => owned), description: "Partitions that a worker owns.");
        meter.CreateObservableGauge("simulation_worker_leads", () => ByWorker((name, _) => name == _latest!.Leader ? 1 : 0), description: "1 for the worker that leads the others.");
    }

    public void Show(RunSnapshot snapshot)
    {
        if (_latest is not { } before || !before.PartitionsPerWorker.SequenceEqual(snapshot.PartitionsPerWorker))
        {
            foreach (int partitions in snapshot.PartitionsPerWorker)
            {
                _perWorker.Record(partitions);
            }
        }

        _latest = snapshot;
    }

    public void Rebalanced(TimeSpan duration, int movedUnits)
    {
        _rebalancing.Record(duration.TotalSeconds);
        Interlocked.Add(ref _moved, movedUnits);
    }

    private IEnumerable<Measurement<int>> ByWorker(Func<string, int, int> value) => _latest is { } snapshot
        ? snapshot.Workers.Select(worker => new Measurement<int>(value(worker.Key, worker.Value), Tag("worker", worker.Key)))
        : [];

    private void Level(Meter meter, string name, string description, Func<RunSnapshot, int> read) =>
        meter.CreateObservableGauge(name, () => _latest is { } snapshot ? read(snapshot) : 0, description: description);
}
