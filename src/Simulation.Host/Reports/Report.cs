using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Simulation.History;
using Simulation.Host.Thresholds;

namespace Simulation.Host.Reports;

/// <summary>report.json: for programs. Fields are added within a schema version, never renamed or given another meaning.</summary>
internal sealed record Report
{
    public const int CurrentSchemaVersion = 1;

    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    public required string RunId { get; init; }

    public required ulong Seed { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null when it was killed: nobody saw its end.</summary>
    public required DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it ended before its time; null when it did not.</summary>
    public required string? EndedEarly { get; init; }

    public required int ExitCode { get; init; }

    /// <summary>The command that does it again.</summary>
    public required string Again { get; init; }

    /// <summary>Null when it was stopped at once.</summary>
    public required VerdictReport? Verdict { get; init; }

    /// <summary>In the order of the configuration.</summary>
    public ImmutableArray<ThresholdReport> Thresholds { get; init; } = [];

    /// <summary>By kind of time; only those that there were.</summary>
    public ImmutableArray<ScopeReport> Scopes { get; init; } = [];

    public required EnvironmentReport Environment { get; init; }

    /// <summary>Every key; secrets masked.</summary>
    public required JsonObject Configuration { get; init; }

    public static Report Of(RunReport run) => new()
    {
        RunId = run.Manifest.RunId,
        Seed = run.Manifest.Seed,
        StartedAt = run.Manifest.StartedAt,
        EndedAt = run.Manifest.EndedAt,
        EndedEarly = run.Manifest.EndedEarly,
        ExitCode = (int)run.ExitCode,
        Again = run.Manifest.Again,
        Verdict = run.Verdict is { } verdict ? VerdictReport.Of(verdict) : null,
        Thresholds = [.. run.Thresholds.Select(ThresholdReport.Of)],
        Scopes = [.. run.Reading.Scopes.Where(scope => scope.Seconds > 0).Select(ScopeReport.Of)],
        Environment = run.Manifest.Environment,
        Configuration = (JsonObject)run.Manifest.Configuration.DeepClone(),
    };

    public void Write(string path) => ReportJson.WriteFile(path, this);
}

/// <param name="Threshold">In words.</param>
/// <param name="Metric">From the catalogue.</param>
/// <param name="Value">In its unit; null when it saw no data, or when something never recovered.</param>
/// <param name="Bound">In the same unit.</param>
/// <param name="Kept">Whether the run kept to it.</param>
/// <param name="Missed">Why not.</param>
internal sealed record ThresholdReport(string Threshold, string Metric, double? Value, double Bound, bool Kept, string? Missed)
{
    public static ThresholdReport Of(ThresholdResult result) => new(
        result.Threshold.ToString(), result.Threshold.Metric, result.Value is { } value && double.IsFinite(value) ? value : null, result.Threshold.Bound,
        result.IsKept, result.Missed);
}

/// <summary>What one kind of time was like.</summary>
internal sealed record ScopeReport(
    RunScope Scope, long Seconds, double SentPerSecond, double ReceivedPerSecond, long MostLag, LatencyReport PublishLatency, LatencyReport EndToEndLatency)
{
    public static ScopeReport Of(ScopeTotals totals) => new(
        totals.Scope, totals.Seconds, (double)totals.Sent / totals.Seconds, (double)totals.Received / totals.Seconds, totals.MostLag,
        LatencyReport.Of(totals.Publish), LatencyReport.Of(totals.EndToEnd));
}

internal sealed record VerdictReport
{
    public required VerdictOutcome Outcome { get; init; }

    public required ImmutableArray<string> Doubts { get; init; }

    public required Guarantees Guarantees { get; init; }

    public required long Sent { get; init; }

    public required long Received { get; init; }

    public required long Gaps { get; init; }

    public required long Duplicates { get; init; }

    public required long Deliveries { get; init; }

    public required long Redelivered { get; init; }

    public required long Recovered { get; init; }

    public required long StillUnknown { get; init; }

    public required long Rejected { get; init; }

    /// <summary>What happened to the servers, though nobody asked for it.</summary>
    public required ImmutableArray<ServerIncidentReport> ServerIncidents { get; init; }

    /// <summary>What was broken on purpose.</summary>
    public ImmutableArray<FaultReport> Faults { get; init; } = [];

    public required ImmutableArray<FindingReport> Findings { get; init; }

    /// <summary>Records that were judged, and that the history no longer has; null when it has all.</summary>
    public CompactedReport? Compacted { get; init; }

    public required LatencyReport PublishLatency { get; init; }

    public required LatencyReport EndToEndLatency { get; init; }

    public static VerdictReport Of(Verdict verdict) => new()
    {
        Outcome = verdict.Outcome,
        Doubts = [.. verdict.Doubts.Select(doubt => doubt.Text)],
        Guarantees = verdict.Guarantees,
        Sent = verdict.Sent,
        Received = verdict.Received,
        Gaps = verdict.Gaps,
        Duplicates = verdict.Duplicates,
        Deliveries = verdict.Deliveries,
        Redelivered = verdict.Redelivered,
        Recovered = verdict.Recovered,
        StillUnknown = verdict.StillUnknown,
        Rejected = verdict.Rejected,
        ServerIncidents = [.. verdict.ServerIncidents.Select(incident => new ServerIncidentReport(incident.At, incident.What, incident.Away.TotalSeconds))],
        Faults = [.. verdict.Faults.Select(FaultReport.Of)],
        Findings = [.. verdict.Findings.Select(finding => new FindingReport(finding.Class, finding.Count, finding.FailsRun, finding.Head, finding.Middle, finding.Tail))],
        Compacted = verdict.Compacted is { } compacted ? new CompactedReport(compacted.Count, compacted.UpTo) : null,
        PublishLatency = LatencyReport.Of(verdict.PublishLatency),
        EndToEndLatency = LatencyReport.Of(verdict.EndToEndLatency),
    };
}

internal sealed record CompactedReport(long Records, DateTimeOffset UpTo);

internal sealed record ServerIncidentReport(DateTimeOffset At, string What, double AwaySeconds);

/// <summary>Recovery in seconds since the fault began; null when it was not seen.</summary>
internal sealed record FaultReport(
    long Number, string What, DateTimeOffset StartedAt, double? LastedSeconds, bool Bit, string? Proof, string? Missed, bool CutOff,
    double? PublishingAfterSeconds, double? OwnershipAfterSeconds, double? BacklogAfterSeconds)
{
    public static FaultReport Of(FaultOutcome fault) => new(
        fault.Number, fault.What, fault.StartedAt, fault.Lasted?.TotalSeconds, fault.Proof is not null, fault.Proof, fault.Missed, fault.IsCutOff,
        fault.PublishingAfter?.TotalSeconds, fault.OwnershipAfter?.TotalSeconds, fault.BacklogAfter?.TotalSeconds);
}

internal sealed record FindingReport(VerdictClass Class, long Count, bool FailsRun, long Head, long Middle, long Tail);

/// <summary>In milliseconds.</summary>
internal sealed record LatencyReport(long Count, double MeanMs, double P50Ms, double P90Ms, double P99Ms, double P999Ms, double MaxMs)
{
    public static LatencyReport Of(LatencyHistogram histogram) => new(
        histogram.Count,
        histogram.Mean.TotalMilliseconds,
        histogram.Percentile(50).TotalMilliseconds,
        histogram.Percentile(90).TotalMilliseconds,
        histogram.Percentile(99).TotalMilliseconds,
        histogram.Percentile(99.9).TotalMilliseconds,
        histogram.Max.TotalMilliseconds);
}
