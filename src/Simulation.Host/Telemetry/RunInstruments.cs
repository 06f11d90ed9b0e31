using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Simulation.Actors;
using Simulation.Chaos;
using Simulation.History;
using Simulation.Host.View;

namespace Simulation.Host.Telemetry;

/// <summary>
/// Everything that is measured of a run, defined once, under the names that dashboards know (docs/metrics.md). Exporters listen to
/// <see cref="Meter"/>; no actor knows of them.
/// </summary>
public sealed class RunInstruments : IRunTelemetry, IChaosTelemetry, ICheckpointTelemetry, IDisposable
{
    /// <summary>Of <see cref="Meter"/>.</summary>
    public const string MeterName = "Simulation";

    private readonly PartitionSelection _partitions;
    private readonly ProgressInstruments _progress;
    private readonly MessageInstruments _messages;
    private readonly OwnershipInstruments _ownership;
    private readonly ChaosInstruments _chaos;
    private readonly CheckpointInstruments _checkpoints;
    private readonly ServerInstruments _servers;
    private readonly ParticipantInstruments _participants;

    /// <param name="info">Labels of <c>simulation_run_info</c>: what run this is.</param>
    /// <param name="perPartition">How many partitions have series of their own; the rest is one.</param>
    /// <param name="time">Null for the system's.</param>
    public RunInstruments(IReadOnlyDictionary<string, string> info, int perPartition = int.MaxValue, TimeProvider? time = null)
    {
        Meter = new Meter(MeterName);
        _partitions = new PartitionSelection(perPartition);
        _progress = new ProgressInstruments(Meter, _partitions);
        _messages = new MessageInstruments(Meter);
        _ownership = new OwnershipInstruments(Meter);
        _chaos = new ChaosInstruments(Meter, time ?? TimeProvider.System);
        _checkpoints = new CheckpointInstruments(Meter, time ?? TimeProvider.System);
        _servers = new ServerInstruments(Meter);
        _participants = new ParticipantInstruments(Meter);
        _ = new ProcessInstruments(Meter);
        Meter.CreateObservableGauge(
            "simulation_run_info",
            () => new Measurement<int>(1, info.Select(label => new KeyValuePair<string, object?>(label.Key, label.Value))),
            description: "What run this is; always 1.");
    }

    public Meter Meter { get; }

    public IFoldObserver FoldObserver => _messages;

    /// <summary>What is meant to happen.</summary>
    public void Plan(RunOptions run)
    {
        _partitions.Weigh(run.Workload.Weights.Values);
        _progress.Plan(run);
    }

    /// <summary>From one place, one after another.</summary>
    public void Show(RunSnapshot snapshot)
    {
        _progress.Show(snapshot);
        _ownership.Show(snapshot);
    }

    public void Conclude(Verdict verdict) => _progress.Conclude(verdict);

    public void RebalanceCompleted(TimeSpan duration, int movedUnits) => _ownership.Rebalanced(duration, movedUnits);

    public void FaultStarted(PlannedFault fault) => _chaos.FaultStarted(fault);

    public void FaultEnded(PlannedFault fault) => _chaos.FaultEnded(fault);

    public void Recovered(PlannedFault fault, RecoveryStage stage, TimeSpan after) => _chaos.Recovered(fault, stage, after);

    public void CheckpointTaken(TimeSpan took, long bytes) => _checkpoints.CheckpointTaken(took, bytes);

    public void CheckpointFailed() => _checkpoints.CheckpointFailed();

    /// <param name="running">The processes with participants, asked whenever somebody measures.</param>
    internal void WatchParticipants(Func<ImmutableArray<(string Name, int Id)>> running) => _participants.Watch(running);

    internal void ShowServers(ImmutableArray<ServerReading> readings) => _servers.Show(readings);

    public void Dispose() => Meter.Dispose();
}
