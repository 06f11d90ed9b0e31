using System.CommandLine;
using System.Text.Json;
using Simulation.Host.Reports;
using Simulation.Host.Run;
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
            RunReport report = Read(parsed.GetRequiredValue(folder));
            Write(report);
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

    /// <exception cref="UserErrorException">It is no run, goes on, or cannot be read.</exception>
    public static RunReport Read(string path)
    {
        string whole = Path.GetFullPath(path);
        RunManifest manifest = ReadManifest(whole);
        if (manifest.IsRunning)
        {
            throw new UserErrorException(ExitCode.Unavailable,
                $"run {manifest.RunId} is still going on (process {manifest.Process.Id}); it writes its report when it ends. What is known so far: simulation check {CommandLines.Quote(path)}");
        }

        return CheckCommand.WithHistory(() => RunReport.FromTheLogs(new RunFolder(whole, manifest.RunId), manifest));
    }

    private static RunManifest ReadManifest(string path)
    {
        string file = new RunFolder(path, "").ManifestFile;
        try
        {
            return RunManifest.Read(file);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException(ExitCode.Usage, Directory.Exists(path)
                ? $"'{path}' is not the folder of a run: there is no run.json in it"
                : $"there is no folder '{path}'", error);
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(ExitCode.Unavailable, $"{file} cannot be read: {error.Message}. 'simulation check' needs only the history", error);
        }
    }

    private static void Write(RunReport report)
    {
        try
        {
            ReportFiles.Write(report);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(ExitCode.Unavailable, $"the report cannot be written: {error.Message}", error);
        }
    }
}
