using System.Globalization;
using Simulation.Host.CommandLine;

namespace Simulation.Host.Run;

/// <summary>Where a run keeps everything: <c>runs/20261121T101530Z-4f2a9c1e/</c>.</summary>
public sealed record RunFolder(string Path, string RunId)
{
    /// <summary>As much as an embedded server wants at its start. A server with no room left may just stop answering.</summary>
    private const long LeastFreeBytes = 64 << 20;

    /// <summary>What was done, with every value; <c>simulation run --config</c> takes it again.</summary>
    public string ConfigurationFile => In("config.yaml");

    /// <summary>What run this is: see <see cref="Reports.RunManifest"/>.</summary>
    public string ManifestFile => In("run.json");

    /// <summary>See <see cref="Checkpoints.RunLock"/>.</summary>
    public string LockFile => In("run.lock");

    /// <summary>Verdict, counts, latencies, environment: see <see cref="Reports.Report"/>.</summary>
    public string ReportFile => In("report.json");

    /// <summary>For people.</summary>
    public string PageFile => In("report.html");

    /// <summary>For CI: a test case for every class, threshold and fault.</summary>
    public string JUnitFile => In("junit.xml");

    /// <summary>For pull requests.</summary>
    public string SummaryFile => In("summary.md");

    /// <summary>One line a second.</summary>
    public string MetricsFile => In("metrics.csv");

    /// <summary>Memory and the like, one line a second, as it was sampled.</summary>
    public string ProcessFile => In("process.csv");

    /// <summary>What was planned to break, as <c>chaos.scheduled</c>.</summary>
    public string ChaosPlanFile => In("chaos-plan.yaml");

    public string LogFile => In("run.log");

    /// <summary>All evidence, one JSON object a line.</summary>
    public string ViolationsFile => In("violations.jsonl");

    /// <summary>Stores, configurations and logs of the embedded servers.</summary>
    public string Nats => In("nats");

    /// <exception cref="UserErrorException">It cannot be made or written to.</exception>
    public static RunFolder Create(string output, DateTimeOffset now, string runId)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{runId}");
        string path = Unused(System.IO.Path.GetFullPath(System.IO.Path.Combine(output, name)));
        try
        {
            Directory.CreateDirectory(path);
            var folder = new RunFolder(path, runId);
            File.WriteAllText(folder.LogFile, "");
            return folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                ExitCode.Unavailable, $"the run's folder {path} cannot be written: {error.Message}; choose another place with --output DIR", error);
        }
    }

    /// <returns>What is wrong when the disk is nearly full or the folder gone, with what helps; else null.</returns>
    public string? MissesRoom()
    {
        if (!Directory.Exists(Path))
        {
            return $"the run's folder {Path} was removed";
        }

        long free = new DriveInfo(Path).AvailableFreeSpace;
        return free >= LeastFreeBytes ? null : string.Create(CultureInfo.InvariantCulture,
            $"only {free >> 20} MiB are free at {Path}; make room there, or choose another place with --output DIR");
    }

    /// <summary>Virtual runs of one seed have one id, and may begin within one second.</summary>
    private static string Unused(string path)
    {
        string candidate = path;
        for (int more = 2; Directory.Exists(candidate); more++)
        {
            candidate = string.Create(CultureInfo.InvariantCulture, $"{path}-{more}");
        }

        return candidate;
    }

    public string In(string name) => System.IO.Path.Combine(Path, name);
}
