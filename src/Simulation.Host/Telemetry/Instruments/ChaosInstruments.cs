using System.Diagnostics.Metrics;
using Simulation.Chaos;
using Simulation.History;
using static Simulation.Host.Telemetry.MeterExtensions;

namespace Simulation.Host.Telemetry;

/// <summary>What breaks, where, and how long it takes to mend.</summary>
internal sealed class ChaosInstruments : IChaosTelemetry
{
    /// <summary>
    /// A crash is over in a moment, and would fall between two scrapes. So a fault is told at least this long: a scrape interval of the
    /// Prometheus in docker/, and a little.
    /// </summary>
    private static readonly TimeSpan ToldAtLeast = TimeSpan.FromSeconds(17);

    /// <summary>That a fault is over is told too, until so many others are.</summary>
    private const int MostOver = 200;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Dictionary<(string Type, string Target), Activity> _activities = [];
    private readonly Queue<(string Type, string Target)> _over = new();

    /// <summary>How many stages of recovery are still to come, by number of the fault.</summary>
    private readonly Dictionary<int, int> _recovering = [];
    private readonly Counter<long> _events;
    private readonly Histogram<double> _recovery;

    public ChaosInstruments(Meter meter, TimeProvider time)
    {
        _time = time;
        _events = meter.CreateCounter<long>("simulation_chaos_events_total", description: "Faults that were injected, by kind.");
        _recovery = meter.Histogram("simulation_recovery_seconds", "s", "Time from the beginning of a fault until the run was well again, by kind and by what was well.",
            [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600]);
        meter.CreateObservableGauge("simulation_fault_active", Active,
            description: "Whether a fault is going on there now; one that is over at once is told for long enough to be seen.");
        meter.CreateObservableGauge("simulation_faults_recovering", Recovering, description: "Faults after which the run is not as well as before yet.");
    }

    public void FaultStarted(PlannedFault fault)
    {
        _events.Add(1, Tag("type", fault.Name));
        lock (_lock)
        {
            _recovering[fault.Number] = Enum.GetValues<RecoveryStage>().Length;
            foreach ((string, string) where in PlacesOf(fault))
            {
                Activity before = _activities.GetValueOrDefault(where);
                _activities[where] = new Activity(before.Faults + 1, _time.GetTimestamp());
            }
        }
    }

    public void FaultEnded(PlannedFault fault)
    {
        lock (_lock)
        {
            foreach ((string, string) where in PlacesOf(fault))
            {
                if (_activities.TryGetValue(where, out Activity activity))
                {
                    _activities[where] = activity with { Faults = activity.Faults - 1 };
                    _over.Enqueue(where);
                }
            }

            ForgetLongOver();
        }
    }

    public void Recovered(PlannedFault fault, RecoveryStage stage, TimeSpan after)
    {
        _recovery.Record(after.TotalSeconds, Tag("type", fault.Name), Tag("stage", stage.ToString().ToLowerInvariant()));
        lock (_lock)
        {
            if (_recovering.TryGetValue(fault.Number, out int open) && open > 1)
            {
                _recovering[fault.Number] = open - 1;
            }
            else
            {
                _recovering.Remove(fault.Number);
            }
        }
    }

    private static IEnumerable<(string Type, string Target)> PlacesOf(PlannedFault fault) =>
        fault.Targets.DefaultIfEmpty("run").Select(target => (fault.Name, target));

    private void ForgetLongOver()
    {
        while (_over.Count > MostOver)
        {
            (string, string) oldest = _over.Dequeue();
            if (_activities.TryGetValue(oldest, out Activity activity) && activity.Faults == 0 && !_over.Contains(oldest))
            {
                _activities.Remove(oldest);
            }
        }
    }

    private List<Measurement<int>> Active()
    {
        lock (_lock)
        {
            return [.. _activities.Select(activity => new Measurement<int>(
                activity.Value.Faults > 0 || _time.GetElapsedTime(activity.Value.Began) < ToldAtLeast ? 1 : 0,
                Tag("type", activity.Key.Type), Tag("target", activity.Key.Target)))];
        }
    }

    private int Recovering()
    {
        lock (_lock)
        {
            return _recovering.Count;
        }
    }

    /// <param name="Faults">That go on.</param>
    /// <param name="Began">The latest of them, as a timestamp.</param>
    private readonly record struct Activity(int Faults, long Began);
}
