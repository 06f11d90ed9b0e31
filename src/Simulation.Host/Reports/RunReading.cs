using System.Collections.Immutable;
using Simulation.History;
using Simulation.Host.Run;
using Simulation.Host.Thresholds;

namespace Simulation.Host.Reports;

/// <summary>One pass over the logs of a run for everything that a report shows over time; metrics.csv is written on the way.</summary>
internal sealed record RunReading
{
    private static readonly RunScope[] ReportedScopes = [RunScope.Steady, RunScope.DuringFault, RunScope.Recovery, RunScope.Draining];

    public required IReadOnlyList<SeriesColumn> Columns { get; init; }

    public required int ColumnSeconds { get; init; }

    public required ImmutableArray<ScopeTotals> Scopes { get; init; }

    public required IReadOnlyDictionary<int, PartitionSummary> Partitions { get; init; }

    /// <summary>When producers began to send; null when they never did.</summary>
    public required DateTimeOffset? SendingSince { get; init; }

    /// <summary>When which phase began.</summary>
    public required ImmutableArray<(long UnixSeconds, RunPhase Phase)> Phases { get; init; }

    /// <summary>One for each threshold; to be concluded with what the verdict says of faults.</summary>
    public required ImmutableArray<ThresholdCheck> Thresholds { get; init; }

    /// <param name="folder">Of the run.</param>
    /// <param name="thresholds">Of the run.</param>
    /// <param name="pass">Reads the logs and tells the series: with a verdict, or without one.</param>
    public static RunReading Read(RunFolder folder, ImmutableArray<Threshold> thresholds, Action<SeriesFold> pass)
    {
        ProcessSamples process = ProcessSamples.Read(folder.ProcessFile);
        var columns = new SeriesColumns(process);
        ImmutableArray<ScopeTotals> scopes = [.. ReportedScopes.Select(scope => new ScopeTotals(scope))];
        DateTimeOffset? sendingSince = null;
        var phases = new List<(long UnixSeconds, RunPhase Phase)>();
        ImmutableArray<ThresholdCheck> checks = [.. thresholds.Select(threshold => new ThresholdCheck(threshold))];
        using var csv = new MetricsCsv(folder.MetricsFile, process);
        var series = new SeriesFold(second =>
        {
            csv.Write(second);
            columns.Add(second);
            scopes.FirstOrDefault(totals => totals.Scope == second.Scope)?.Add(second);
            var view = new SecondView(second, process.At(second.UnixSeconds), process.CpuAt(second.UnixSeconds));
            foreach (ThresholdCheck check in checks)
            {
                check.Add(view);
            }

            if (phases.Count == 0 || phases[^1].Phase != second.Phase)
            {
                phases.Add((second.UnixSeconds, second.Phase));
            }

            sendingSince ??= second.SinceSending is { } since ? DateTimeOffset.FromUnixTimeSeconds(second.UnixSeconds - since) : null;
        });
        pass(series);
        series.Close();
        csv.Complete();
        return new RunReading
        {
            Columns = columns.Columns,
            ColumnSeconds = columns.WidthInSeconds,
            Scopes = scopes,
            Partitions = series.Partitions,
            SendingSince = sendingSince,
            Phases = [.. phases],
            Thresholds = checks,
        };
    }
}
