using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Simulation.History;
using Simulation.Host.CommandLine;
using Simulation.Host.Thresholds;

namespace Simulation.Host.Reports.Comparing;

/// <summary>Two runs side by side: whether the second is worse, by more than chance and more than the tolerance.</summary>
internal sealed record Comparison
{
    /// <summary>Of all intervals together: one in twenty comparisons of equals may find one difference, whatever the number of metrics.</summary>
    public const double Confidence = 0.95;

    /// <summary>What may differ between runs that are the same in everything that matters.</summary>
    private static readonly string[] OfNoMatter = ["simulation.seed", "chaos.seed", "metrics.", "checkpointing.", "thresholds", "nats.server_path"];

    public required ComparedRun First { get; init; }

    public required ComparedRun Second { get; init; }

    public required double Tolerance { get; init; }

    /// <summary>Empty when one of them has too little steady time.</summary>
    public required ImmutableArray<MetricChange> Changes { get; init; }

    /// <summary>Keys in which they differ, with both values.</summary>
    public required ImmutableArray<(string Key, string First, string Second)> Differences { get; init; }

    /// <summary>What is worse that no interval is needed for.</summary>
    public required ImmutableArray<string> WorseOutright { get; init; }

    public bool IsWorse => WorseOutright.Length > 0 || Changes.Any(change => change.IsWorse);

    public ExitCode ExitCode => IsWorse ? ExitCode.ThresholdMissed : Changes.IsEmpty ? ExitCode.Inconclusive : ExitCode.Passed;

    public static Comparison Of(ComparedRun first, ComparedRun second, double tolerance) => new()
    {
        First = first,
        Second = second,
        Tolerance = tolerance,
        Changes = first.Steady.Blocks.Count < SteadyBlocks.Fewest || second.Steady.Blocks.Count < SteadyBlocks.Fewest
            ? []
            : ChangesOf(first.Steady.Blocks, second.Steady.Blocks, tolerance),
        Differences = [.. DifferencesOf(first.Report.Manifest.Configuration, second.Report.Manifest.Configuration)],
        WorseOutright = [.. Outright(first.Report, second.Report)],
    };

    private static ImmutableArray<MetricChange> ChangesOf(IReadOnlyList<SteadyBlock> first, IReadOnlyList<SteadyBlock> second, double tolerance)
    {
        // Bonferroni: as many chances to be wrong as there are metrics.
        double each = 1 - ((1 - Confidence) / ComparedMetric.All.Count(metric => metric.IsJudged));
        return [.. ComparedMetric.All.Select(metric => ChangeOf(metric, first, second, each, tolerance)).OfType<MetricChange>()];
    }

    private static MetricChange? ChangeOf(ComparedMetric metric, IReadOnlyList<SteadyBlock> first, IReadOnlyList<SteadyBlock> second, double confidence, double tolerance)
    {
        if (metric.Prepare(first) is not { } ofFirst || metric.Prepare(second) is not { } ofSecond)
        {
            return null;
        }

        (double low, double high) = Bootstrap.Change(ofFirst, first.Count, ofSecond, second.Count, confidence);
        return new MetricChange(metric, ofFirst([.. Enumerable.Range(0, first.Count)]), ofSecond([.. Enumerable.Range(0, second.Count)]), low, high, tolerance);
    }

    private static IEnumerable<string> Outright(RunReport first, RunReport second)
    {
        if (Rank(second) > Rank(first))
        {
            yield return $"verdict {Word(second)}, and it was {Word(first)}";
        }

        string[] keptBefore = [.. first.Thresholds.Where(result => result.IsKept).Select(result => result.Threshold.ToString())];
        foreach (ThresholdResult missed in second.Missed.Where(missed => missed.Value is not null && keptBefore.Contains(missed.Threshold.ToString())))
        {
            yield return $"threshold missed, and it was kept: {missed.Threshold}; {missed.Missed}";
        }
    }

    private static string Word(RunReport run) => Html.ReportPage.Outcome(run).ToLowerInvariant();

    private static int Rank(RunReport run) => run.Verdict?.Outcome switch
    {
        VerdictOutcome.Passed => 0,
        VerdictOutcome.Violated => 2,
        _ => 1,
    };

    private static IEnumerable<(string Key, string First, string Second)> DifferencesOf(JsonObject first, JsonObject second)
    {
        Dictionary<string, string> one = Html.SetupSection.Flatten(first).ToDictionary();
        Dictionary<string, string> other = Html.SetupSection.Flatten(second).ToDictionary();
        return one.Keys.Union(other.Keys)
            .Where(key => !OfNoMatter.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal)))
            .Select(key => (key, one.GetValueOrDefault(key, "–"), other.GetValueOrDefault(key, "–")))
            .Where(difference => difference.Item2 != difference.Item3);
    }
}
