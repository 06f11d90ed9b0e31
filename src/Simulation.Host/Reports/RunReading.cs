using System.Collections.Immutable;
using Simulation.History;
using Simulation.Host.Thresholds;

namespace Simulation.Host.Reports;

/// <summary>One pass over the logs of a run for everything that a report shows over time.</summary>
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

    /// <param name="process">What was sampled of the process.</param>
    /// <param name="thresholds">Of the run.</param>
    /// <param name="pass">Reads the logs and tells the series: with a verdict, or without one.</param>
    /// <param name="each">Also told each second; null for nobody.</param>
    public static RunReading Read(ProcessSamples process, ImmutableArray<Threshold> thresholds, Action<SeriesFold> pass, Action<SecondView>? each = null)
    {
        var columns = new SeriesColumns();
        ImmutableArray<ScopeTotals> scopes = [.. ReportedScopes.Select(scope => new ScopeTotals(scope))];
        ImmutableArray<ThresholdCheck> checks = [.. thresholds.Select(threshold => new ThresholdCheck(threshold))];
        var phases = new List<(long UnixSeconds, RunPhase Phase)>();
        DateTimeOffset? sendingSince = null;
        var series = new SeriesFold(second =>
        {
            var view = new SecondView(second, process.At(second.UnixSeconds), process.CpuAt(second.UnixSeconds));
            each?.Invoke(view);
            columns.Add(view);
            scopes.FirstOrDefault(totals => totals.Scope == second.Scope)?.Add(second);
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
