using System.Globalization;
using Simulation.History;
using Simulation.Host.Reports.Html;

namespace Simulation.Host.Reports.Comparing;

/// <summary>A comparison in words: for the console, and for the page.</summary>
internal static class ComparisonText
{
    public static void Write(TextWriter output, Comparison comparison)
    {
        output.WriteLine($"first   {Describe(comparison.First)}");
        output.WriteLine($"second  {Describe(comparison.Second)}");
        foreach ((string key, string first, string second) in comparison.Differences)
        {
            output.WriteLine($"  differ in {key}: {first}, {second}");
        }

        output.WriteLine();
        if (!comparison.Changes.IsEmpty)
        {
            output.WriteLine($"{"steady time",-26}{"first",12}{"second",12}{"change",10}   {"likely change",-22}");
        }

        foreach (MetricChange change in comparison.Changes)
        {
            output.WriteLine($"{change.Metric.Name,-26}{change.Metric.Show(change.First),12}{change.Metric.Show(change.Second),12}{Percent(change.Change),10}   {Interval(change),-22}{Word(change)}");
        }

        foreach ((string kind, string first, string second) in Recoveries(comparison))
        {
            output.WriteLine($"{$"recovery, {kind}",-26}{first,12}{second,12}");
        }

        foreach (string worse in comparison.WorseOutright)
        {
            output.WriteLine(worse);
        }

        output.WriteLine();
        output.WriteLine(Conclusion(comparison));
    }

    public static string Conclusion(Comparison comparison)
    {
        string[] worse = [.. comparison.Changes.Where(change => change.IsWorse).Select(change => change.Metric.Name), .. comparison.WorseOutright];
        return worse.Length > 0 ? $"The second run is worse: {string.Join("; ", worse)}."
            : comparison.Changes.IsEmpty
                ? $"Nothing can be said: it takes at least {SteadyBlocks.Fewest} blocks of steady time, and there were {comparison.First.Steady.Blocks.Count} "
                    + $"of {comparison.First.Steady.BlockSeconds} s and {comparison.Second.Steady.Blocks.Count} of {comparison.Second.Steady.BlockSeconds} s."
                : $"The second run is not worse, as far as noise and a tolerance of {Percent(comparison.Tolerance).TrimStart('+')} let see.";
    }

    public static string Word(MetricChange change) => change.Kind switch
    {
        ChangeKind.Worse => change.Metric.IsJudged ? "worse" : "more; not judged",
        ChangeKind.Better => "better",
        ChangeKind.Same => "the same",
        _ => "too noisy to say",
    };

    public static string Interval(MetricChange change) =>
        double.IsFinite(change.High) ? $"{Percent(change.Low)} to {Percent(change.High)}"
        : double.IsFinite(change.Low) ? $"{Percent(change.Low)} and more"
        : Percent(change.High);

    /// <summary>A share as a change: <c>+10 %</c>; of what is more than ten times as much, how many times.</summary>
    public static string Percent(double share) =>
        double.IsInfinity(share) ? "from 0"
        : share > 9 ? string.Create(CultureInfo.InvariantCulture, $"x {Show.Number(share + 1)}")
        : (share * 100).ToString("+0.#;-0.#;0", CultureInfo.InvariantCulture) + " %";

    /// <summary>The slowest of each kind; they are too few for more than to be seen side by side.</summary>
    public static IEnumerable<(string Kind, string First, string Second)> Recoveries(Comparison comparison)
    {
        FaultOutcome[] first = [.. comparison.First.Report.Verdict?.Faults ?? []];
        FaultOutcome[] second = [.. comparison.Second.Report.Verdict?.Faults ?? []];
        return first.Concat(second).Select(fault => fault.Kind).Distinct().Order(StringComparer.Ordinal).Select(kind => (kind, Slowest(first, kind), Slowest(second, kind)));
    }

    private static string Slowest(FaultOutcome[] faults, string kind)
    {
        FaultOutcome[] these = [.. faults.Where(fault => fault.Kind == kind)];
        return these.Length == 0 ? Show.Nothing : these.Any(fault => fault.WellAgainAfter is null) ? "not seen" : Show.Time(these.Max(fault => fault.WellAgainAfter));
    }

    private static string Describe(ComparedRun run) =>
        $"{run.Report.Manifest.RunId}  {ReportPage.Outcome(run.Report).ToLowerInvariant()}, {Show.Count(run.Report.Verdict?.Sent ?? 0)} messages, "
        + $"{Show.Count(run.Report.Verdict?.Faults.Length ?? 0, "fault", "faults")}, {Show.Long(TimeSpan.FromSeconds(run.Steady.SteadySeconds))} steady  {run.Report.Folder.Path}";
}
