using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Simulation.Actors;
using Simulation.History;
using Simulation.Host.View;
using static Simulation.Host.Telemetry.MeterExtensions;

namespace Simulation.Host.Telemetry;

/// <summary>
/// How the run stands, in total and by partition. All of it is observed from the tracker's latest snapshot when somebody asks, so that it
/// never says something else than the verdict.
/// </summary>
internal sealed class ProgressInstruments
{
    private static readonly ImmutableArray<string> Phases = [.. Enum.GetNames<RunPhase>().Select(name => name.ToLowerInvariant())];
    private static readonly ImmutableArray<string> Verdicts = ["running", .. Enum.GetNames<VerdictOutcome>().Select(name => name.ToLowerInvariant())];

    private readonly PartitionSelection _partitions;
    private volatile RunSnapshot? _latest;
    private volatile Verdict? _verdict;
    private RunOptions? _run;

    /// <param name="meter">Where to define them.</param>
    /// <param name="partitions">Which partitions have series of their own.</param>
    public ProgressInstruments(Meter meter, PartitionSelection partitions)
    {
        _partitions = partitions;
        DefineTotals(meter);
        DefinePartitions(meter);
        DefineState(meter);
        DefinePlan(meter);
    }

    public void Plan(RunOptions run) => _run = run;

    public void Show(RunSnapshot snapshot) => _latest = snapshot;

    /// <summary>The last word, which replaces what was followed live.</summary>
    public void Conclude(Verdict verdict) => _verdict = verdict;

    private void DefineTotals(Meter meter)
    {
        Total(meter, "simulation_run_messages_intended_total", "Messages that a producer meant to send.", snapshot => snapshot.Intended);
        Total(meter, "simulation_run_messages_sent_total", "Messages acknowledged by the server.", snapshot => snapshot.Sent, verdict => verdict.Sent);
        Total(meter, "simulation_run_messages_received_total", "Messages processed, each counted once.", snapshot => snapshot.Received, verdict => verdict.Received);
        Total(meter, "simulation_run_deliveries_total", "Deliveries to workers, redeliveries among them.", snapshot => snapshot.Deliveries, verdict => verdict.Deliveries);
        Total(meter, "simulation_message_redeliveries_total", "Deliveries with a count above one.", snapshot => snapshot.Redelivered, verdict => verdict.Redelivered);
        Total(meter, "simulation_message_duplicates_total", "Messages processed twice or stored twice.", snapshot => snapshot.Duplicates, verdict => verdict.Duplicates);
        Level(meter, "simulation_messages_rejected", "Messages that were refused at least once.", snapshot => snapshot.Rejected, verdict => verdict.Rejected);
        Level(meter, "simulation_messages_unknown", "Messages whose publish has no known outcome and that have not shown up.",
            snapshot => snapshot.Unknown, verdict => verdict.StillUnknown);
        Level(meter, "simulation_messages_recovered", "Messages whose publish had no known outcome and that have shown up.",
            snapshot => snapshot.Recovered, verdict => verdict.Recovered);
        Level(meter, "simulation_message_lag", "Messages acknowledged by the server and not processed.", snapshot => snapshot.Lag);
        Level(meter, "simulation_message_gaps_pending", "Messages missing now below a later one of their partition.", snapshot => snapshot.GapsPending);
        meter.Gauge("simulation_message_gap_age_seconds", "s", "How long the oldest missing message has been missing; 0 when none is.",
            () => Observed(snapshot => (snapshot.OldestGap ?? TimeSpan.Zero).TotalSeconds));
        meter.CreateObservableGauge("simulation_findings", Findings,
            description: "Messages that something is wrong with, by class of the verdict. Lost and unprocessed are known when the run is over.");
    }

    private void DefinePartitions(Meter meter)
    {
        meter.Counter("simulation_messages_sent_total", "Messages acknowledged by the server, by partition.", () => ByPartition(counts => counts.Sent));
        meter.Counter("simulation_messages_received_total", "Messages processed, each counted once, by partition.", () => ByPartition(counts => counts.Received));
        meter.CreateObservableGauge("simulation_partition_lag", () => ByPartition(counts => Math.Max(0, counts.Sent - counts.Received)),
            description: "Messages acknowledged by the server and not processed, by partition.");
        meter.CreateObservableGauge("simulation_partition_gaps_pending", () => ByPartition(counts => counts.Missing),
            description: "Messages missing now below a later one, by partition.");
    }

    private void DefineState(Meter meter)
    {
        meter.States("simulation_phase", "phase", "What the run is doing: 1 for the phase that it is in.", Phases, () => _latest?.Phase ?? Phases[0]);
        meter.States("simulation_verdict", "outcome", "The verdict: running until there is one, violated as soon as that is certain.", Verdicts, VerdictNow);
        meter.Gauge("simulation_elapsed_seconds", "s", "Time since producers began to send.", () => Observed(snapshot => snapshot.Elapsed.TotalSeconds));
    }

    private void DefinePlan(Meter meter)
    {
        meter.Gauge("simulation_duration_seconds", "s", "How long producers are to send.", () => Planned(run => run.Duration.TotalSeconds));
        meter.Gauge("simulation_validation_window_seconds", "s", "How long the drain may take; a gap that is older is in danger of being a loss.",
            () => Planned(run => run.ValidationWindow.TotalSeconds));
        meter.Gauge("simulation_configured_rate", null, "Messages a second that are due now, over all partitions.",
            () => Planned(run => _latest is { Phase: "running" } snapshot ? run.Workload.TotalRate * snapshot.RateMultiplier : 0));
    }

    private string VerdictNow() => _verdict is { } verdict
        ? verdict.Outcome.ToString().ToLowerInvariant()
        : _latest?.Violations.IsEmpty ?? true ? "running" : "violated";

    private IEnumerable<Measurement<long>> Findings()
    {
        IEnumerable<Finding> findings = _verdict?.Findings ?? _latest?.Findings ?? [];
        Dictionary<VerdictClass, long> counts = findings.ToDictionary(finding => finding.Class, finding => finding.Count);
        return Enum.GetValues<VerdictClass>().Select(one => new Measurement<long>(counts.GetValueOrDefault(one), Tag("class", VerdictText.NameOf(one))));
    }

    private IEnumerable<Measurement<long>> ByPartition(Func<PartitionCounts, long> value) =>
        _latest is { } snapshot ? _partitions.Measure(snapshot.Partitions, value) : [];

    private void Total(Meter meter, string name, string description, Func<RunSnapshot, long> live, Func<Verdict, long>? final = null) =>
        meter.Counter(name, description, () => [new Measurement<long>(Value(live, final))]);

    private void Level(Meter meter, string name, string description, Func<RunSnapshot, long> live, Func<Verdict, long>? final = null) =>
        meter.CreateObservableGauge(name, () => Value(live, final), description: description);

    private long Value(Func<RunSnapshot, long> live, Func<Verdict, long>? final) =>
        _verdict is { } verdict && final is not null ? final(verdict) : _latest is { } snapshot ? live(snapshot) : 0;

    private IEnumerable<Measurement<double>> Observed(Func<RunSnapshot, double> read) => _latest is { } snapshot ? [new Measurement<double>(read(snapshot))] : [];

    private IEnumerable<Measurement<double>> Planned(Func<RunOptions, double> read) => _run is { } run ? [new Measurement<double>(read(run))] : [];
}
