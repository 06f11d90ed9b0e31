using System.Text.Json;
using Simulation.Host.Checkpoints;
using Simulation.Host.Reports;
using Simulation.Host.Run;

namespace Simulation.Host.CommandLine;

/// <summary>The folder of a run that is over, as a command is given it.</summary>
internal sealed record EarlierRun(RunFolder Folder, RunManifest Manifest)
{
    /// <exception cref="UserErrorException">It is no run, goes on, or cannot be read.</exception>
    public static EarlierRun Open(string path)
    {
        string whole = Path.GetFullPath(path);
        RunManifest manifest = ReadManifest(whole);
        var folder = new RunFolder(whole, manifest.RunId);
        if (manifest.EndedAt is null && RunLock.IsHeld(folder))
        {
            throw new UserErrorException(ExitCode.Unavailable,
                $"run {manifest.RunId} is still going on (process {manifest.Process.Id}); it writes its report when it ends. What is known so far: simulation check {CommandLines.Quote(path)}");
        }

        return new EarlierRun(folder, manifest);
    }

    /// <summary>Verdict and all, from the logs.</summary>
    /// <param name="each">Told each second.</param>
    /// <exception cref="UserErrorException">It has no history, or it cannot be read.</exception>
    public RunReport Read(Action<SecondView> each)
    {
        try
        {
            return CheckCommand.WithHistory(() => RunReport.FromTheLogs(Folder, Manifest, each));
        }
        catch (InvalidDataException damaged)
        {
            throw new UserErrorException(ExitCode.Unavailable,
                $"what was compacted of the history cannot be read: {damaged.Message}. 'simulation check' tells what the rest is worth", damaged);
        }
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
            throw new UserErrorException(ExitCode.Unavailable, $"{file} cannot be read: {Reason(error)}. 'simulation check' needs only the history", error);
        }
    }

    /// <summary>Where a file is damaged says more than what a parser would have liked instead.</summary>
    private static string Reason(Exception error) =>
        error is JsonException { LineNumber: { } line, BytePositionInLine: { } position } ? $"it is damaged at line {line + 1}, byte {position + 1}" : error.Message.TrimEnd('.');
}
