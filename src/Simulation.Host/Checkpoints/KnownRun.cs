using System.Text.Json;
using Simulation.History;
using Simulation.Host.Reports;
using Simulation.Host.Run;

namespace Simulation.Host.Checkpoints;

/// <summary>A run that a folder tells of.</summary>
internal sealed record KnownRun(RunFolder Folder, RunManifest Manifest, RunState State, VerdictOutcome? Verdict)
{
    /// <returns>Null when the folder is no run's.</returns>
    public static KnownRun? In(string path)
    {
        var folder = new RunFolder(path, "");
        if (ManifestIn(folder) is not { } manifest)
        {
            return null;
        }

        folder = folder with { RunId = manifest.RunId };
        VerdictOutcome? verdict = VerdictIn(folder);
        RunState state = RunLock.IsHeld(folder) ? RunState.Running
            : verdict is not null ? RunState.Finished
            : WhyNotResumable(manifest) is null ? RunState.Resumable
            : RunState.Interrupted;
        return new KnownRun(folder, manifest, state, verdict);
    }

    /// <returns>Null when it could go on, if it is not over.</returns>
    public static string? WhyNotResumable(RunManifest manifest) =>
        manifest.IsVirtual ? "it is of the virtual world: run it again, its seed gives the same"
        : manifest.Abandoned ? "what it had on the server was removed when it was stopped; checkpointing.enabled keeps it"
        : null;

    /// <summary>Until its end, or the last that anybody wrote down.</summary>
    public TimeSpan Lasted(DateTimeOffset now)
    {
        DateTimeOffset until = State == RunState.Running ? now : Manifest.EndedAt ?? LastWritten();
        return until > Manifest.StartedAt ? until - Manifest.StartedAt : TimeSpan.Zero;
    }

    /// <summary>That its folder takes.</summary>
    public long Bytes() => new DirectoryInfo(Folder.Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <summary>Under its lock, so that nobody resumes what is being removed.</summary>
    public void Remove()
    {
        using RunLock held = RunLock.Take(Folder);
        Directory.Delete(Folder.Path, recursive: true);
    }

    private DateTimeOffset LastWritten()
    {
        var history = new DirectoryInfo(Folder.In(RunHistory.FolderName));
        IEnumerable<FileInfo> logs = history.Exists ? history.EnumerateFiles("*", SearchOption.AllDirectories) : [];
        return new DateTimeOffset(logs.Append(new FileInfo(Folder.LogFile)).Max(file => file.LastWriteTimeUtc), TimeSpan.Zero);
    }

    private static RunManifest? ManifestIn(RunFolder folder)
    {
        try
        {
            return RunManifest.Read(folder.ManifestFile);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static VerdictOutcome? VerdictIn(RunFolder folder)
    {
        try
        {
            using JsonDocument report = JsonDocument.Parse(File.ReadAllText(folder.ReportFile));
            return report.RootElement.TryGetProperty("verdict", out JsonElement verdict) && verdict.ValueKind == JsonValueKind.Object
                ? Enum.Parse<VerdictOutcome>(verdict.GetProperty("outcome").GetString()!, ignoreCase: true)
                : null;
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            return null;
        }
    }
}
