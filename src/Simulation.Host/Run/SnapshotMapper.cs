using Simulation.Actors;
using Simulation.History;
using Simulation.Host.View;
using Simulation.Workload;

namespace Simulation.Host.Run;

/// <summary>The coordinator's status in the view's words.</summary>
internal sealed class SnapshotMapper(RunOptions run)
{
    private readonly LoadCurve _load = run.Workload.CreateLoadCurve();

    public RunSnapshot Map(RunStatus status)
    {
        TrackerSnapshot? totals = status.Tracking?.Totals;
        return new RunSnapshot
        {
            Phase = status.Phase.ToString().ToLowerInvariant(),
            Elapsed = status.Running,
            Duration = run.Duration,
            Intended = totals?.Intended ?? 0,
            Sent = totals?.Sent ?? 0,
            Received = totals?.Received ?? 0,
            Deliveries = totals?.Deliveries ?? 0,
            Redelivered = totals?.Redeliveries ?? 0,
            Rejected = totals?.Rejected ?? 0,
            Recovered = totals?.Recovered ?? 0,
            Unknown = totals?.StillUnknown ?? 0,
            GapsPending = totals?.GapsPending ?? 0,
            OldestGap = totals?.OldestGap,
            Duplicates = totals?.Duplicates ?? 0,
            Findings = totals?.Findings ?? [],
            Violations = totals is null ? [] : [.. totals.Findings.Where(finding => finding is { FailsRun: true, Count: > 0 }).Select(Describe)],
            WorkersActive = status.Workers.Count,
            PartitionsOwned = status.PartitionsOwned,
            PartitionsTotal = status.PartitionsTotal,
            RateMultiplier = _load.MultiplierAt(status.Running),
            PartitionsPerWorker = [.. status.Workers.Values],
            Workers = status.Workers,
            Leader = status.Leader,
            Partitions = status.Tracking?.Partitions ?? [],
        };
    }

    private static string Describe(Finding finding) => $"{finding.Count} {VerdictText.NameOf(finding.Class)}";
}
