using System.CommandLine;
using Simulation.Host.Reports;
using Simulation.Host.View;

namespace Simulation.Host.CommandLine;

/// <summary>The report once more, from the folder alone: the verdict and every number come from the logs again.</summary>
internal static class ReportCommand
{
    public static Command Create(Surroundings surroundings)
    {
        Argument<string> folder = CheckCommand.RunFolderArgument();
        var command = new Command("report", "Writes the report of an earlier run again, from its folder alone.") { folder };
        command.SetAction(parsed =>
        {
            RunReport report = WriteAgain(EarlierRun.Open(parsed.GetRequiredValue(folder)));
            if (report.Verdict is { } verdict)
            {
                Summary.Write(surroundings.Output, verdict);
            }

            Summary.WriteThresholds(surroundings.Output, report.Thresholds);
            surroundings.Output.WriteLine();
            surroundings.Output.WriteLine($"Report: {report.Folder.PageFile}");
            return (int)report.ExitCode;
        });
        return command;
    }

    private static RunReport WriteAgain(EarlierRun run)
    {
        try
        {
            using var csv = new MetricsCsv(run.Folder.MetricsFile);
            RunReport report = run.Read(csv.Write);
            csv.Complete();
            ReportFiles.Write(report);
            return report;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(ExitCode.Unavailable, $"the report cannot be written: {error.Message}", error);
        }
    }
}
