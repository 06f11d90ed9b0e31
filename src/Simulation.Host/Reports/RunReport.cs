using Simulation.History;
using Simulation.Host.CommandLine;
using Simulation.Host.Run;

namespace Simulation.Host.Reports;

/// <summary>All that is known of a run that is over: what every form of report is made from.</summary>
internal sealed record RunReport
{
    public required RunFolder Folder { get; init; }

    public required RunManifest Manifest { get; init; }

    /// <summary>Null when it was stopped at once.</summary>
    public required Verdict? Verdict { get; init; }

    public required RunReading Reading { get; init; }

    public ExitCode ExitCode => Verdict?.Outcome switch
    {
        VerdictOutcome.Passed => ExitCode.Passed,
        VerdictOutcome.Violated => ExitCode.Violated,
        VerdictOutcome.Inconclusive => ExitCode.Inconclusive,
        _ => ExitCode.Interrupted,
    };

    /// <summary>Of a run that has just ended and has been judged.</summary>
    public static RunReport AtTheEnd(RunFolder folder, RunManifest manifest, Verdict? verdict) => new()
    {
        Folder = folder,
        Manifest = manifest,
        Verdict = verdict,
        Reading = RunReading.Read(folder, series => ReadAgain(folder, series)),
    };

    /// <summary>Of an earlier one: verdict and all from the logs.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no history in that folder.</exception>
    public static RunReport FromTheLogs(RunFolder folder, RunManifest manifest)
    {
        FileHistoryStore store = RunHistory.Open(folder.Path);
        Verdict? verdict = null;
        RunReading reading = RunReading.Read(folder, series => verdict = Checker.Check(store, evidence: null, series));
        return new RunReport { Folder = folder, Manifest = manifest, Verdict = manifest.WithoutVerdict ? null : verdict, Reading = reading };
    }

    private static void ReadAgain(RunFolder folder, SeriesFold series)
    {
        if (!RunHistory.IsIn(folder.Path))
        {
            return; // Stopped before anybody wrote anything.
        }

        using var tail = new LiveTail(RunHistory.Open(folder.Path), series);
        tail.Finish();
    }
}
