using System.Collections.Immutable;
using Simulation.History;
using Simulation.Host.CommandLine;
using Simulation.Host.Run;
using Simulation.Host.Thresholds;

namespace Simulation.Host.Reports;

/// <summary>All that is known of a run that is over: what every form of report is made from.</summary>
internal sealed record RunReport
{
    public required RunFolder Folder { get; init; }

    public required RunManifest Manifest { get; init; }

    /// <summary>Null when it was stopped at once.</summary>
    public required Verdict? Verdict { get; init; }

    public required RunReading Reading { get; init; }

    /// <summary>In the order of the configuration; empty when nobody judged.</summary>
    public required ImmutableArray<ThresholdResult> Thresholds { get; init; }

    public IEnumerable<ThresholdResult> Missed => Thresholds.Where(result => !result.IsKept);

    public ExitCode ExitCode
    {
        get
        {
            ExitCode ofVerdict = Verdict?.Outcome switch
            {
                VerdictOutcome.Passed => ExitCode.Passed,
                VerdictOutcome.Violated => ExitCode.Violated,
                VerdictOutcome.Inconclusive => ExitCode.Inconclusive,
                _ => ExitCode.Interrupted,
            };
            return Missed.Any() ? ExitCodes.Combine([ofVerdict, ExitCode.ThresholdMissed]) : ofVerdict;
        }
    }

    /// <summary>Of a run that has just ended and has been judged; writes its metrics.csv on the way.</summary>
    public static RunReport AtTheEnd(RunFolder folder, RunManifest manifest, Verdict? verdict)
    {
        using var csv = new MetricsCsv(folder.MetricsFile);
        RunReading reading = RunReading.Read(ProcessSamples.Read(folder.ProcessFile), manifest.Thresholds, series => ReadAgain(folder, series), csv.Write);
        csv.Complete();
        return Of(folder, manifest, verdict, reading);
    }

    /// <summary>Of an earlier one: verdict and all from the logs.</summary>
    /// <param name="folder">Of the run.</param>
    /// <param name="manifest">Of the run.</param>
    /// <param name="each">Told each second.</param>
    /// <exception cref="DirectoryNotFoundException">There is no history in that folder.</exception>
    /// <exception cref="InvalidDataException">What was compacted of it is damaged.</exception>
    public static RunReport FromTheLogs(RunFolder folder, RunManifest manifest, Action<SecondView> each)
    {
        FileHistoryStore store = RunHistory.Open(folder.Path);
        Verdict? verdict = null;
        RunReading reading = RunReading.Read(
            ProcessSamples.Read(folder.ProcessFile), manifest.Thresholds, series =>
            {
                series.GoOnFrom(store);
                verdict = Checker.Check(store, evidence: null, series);
            }, each);
        return Of(folder, manifest, manifest.WithoutVerdict ? null : verdict, reading);
    }

    private static RunReport Of(RunFolder folder, RunManifest manifest, Verdict? verdict, RunReading reading) => new()
    {
        Folder = folder,
        Manifest = manifest,
        Verdict = verdict,
        Reading = reading,
        Thresholds = verdict is null ? [] : [.. reading.Thresholds.Select(check => check.Conclude(verdict.Faults, reading.SendingSince))],
    };

    private static void ReadAgain(RunFolder folder, SeriesFold series)
    {
        if (!RunHistory.IsIn(folder.Path))
        {
            return; // Stopped before anybody wrote anything.
        }

        FileHistoryStore store = RunHistory.Open(folder.Path);
        series.GoOnFrom(store);
        using var tail = new LiveTail(store, series);
        tail.Finish();
    }
}
