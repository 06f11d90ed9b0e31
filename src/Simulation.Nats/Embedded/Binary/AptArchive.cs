namespace Simulation.Nats.Embedded;

/// <summary>
/// Debian's or Ubuntu's own archive, as this machine is configured to reach it (mirror, proxy, credentials, keys), without root: a private
/// apt with its own state, lists and one-suite source in the fetch folder. Nothing is installed, and the machine's apt does not notice.
/// </summary>
public sealed class AptArchive : INatsServerSource
{
    private const string Package = "nats-server";

    public string Name => "the distribution's archive";

    internal static bool IsAvailable =>
        OperatingSystem.IsLinux() && File.Exists("/usr/bin/apt-get") && File.Exists("/usr/bin/apt-cache") && File.Exists("/usr/bin/dpkg-deb");

    public async Task<string> FetchAsync(RequestedVersion version, string folder, IProgress<string> progress, CancellationToken cancellation)
    {
        try
        {
            return await FetchFromAnySuiteAsync(version, folder, progress, cancellation);
        }
        catch (ToolException error)
        {
            throw new NatsServerFetchException(error.Message, error);
        }
    }

    private static async Task<string> FetchFromAnySuiteAsync(
        RequestedVersion version, string folder, IProgress<string> progress, CancellationToken cancellation)
    {
        var problems = new List<string>();
        bool isDebian = (await File.ReadAllLinesAsync("/etc/os-release", cancellation)).Contains("ID=debian");
        foreach ((AptSource source, string suite) in Candidates(await ConfiguredSourcesAsync(cancellation), isDebian, version))
        {
            progress.Report($"Reading the package list of {suite}.");
            string attempt = Directory.CreateDirectory(Path.Combine(folder, $"apt-{problems.Count}")).FullName;
            PrivateApt apt = await PrivateApt.CreateAsync(attempt, source.ToDeb822(suite), cancellation);
            try
            {
                return await apt.FetchAsync(Package, version, cancellation);
            }
            catch (NatsServerFetchException error)
            {
                problems.Add($"{suite}: {error.Message}");
            }
        }

        throw new NatsServerFetchException(
            problems.Count == 0 ? "apt has no source for this distribution's main component" : string.Join("; ", problems));
    }

    /// <summary>
    /// On Debian every suite of <see cref="KnownReleases"/> is tried, newest first, but the one that is known to carry what was asked for before
    /// all others; then, and on Ubuntu only, the suites that the machine itself uses.
    /// </summary>
    internal static IEnumerable<(AptSource Source, string Suite)> Candidates(IReadOnlyList<AptSource> sources, bool isDebian, RequestedVersion version)
    {
        IEnumerable<string> debianSuites = KnownReleases.All.OrderByDescending(known => version.Matches(known.Version)).Select(known => known.Suite);
        foreach (AptSource source in sources.Where(source => source.Components.Contains("main")))
        {
            // "trixie-security" and "noble-updates" are pockets of an archive that is listed by its plain name, too.
            IEnumerable<string> configured = source.Suites.Where(suite => !suite.Contains('-') && !suite.Contains('/'));
            if (!configured.Any())
            {
                continue;
            }

            AptSource whole = isDebian ? source : source with { Components = [.. source.Components.Union(["universe"])] };
            foreach (string suite in (isDebian ? debianSuites : []).Concat(configured).Distinct())
            {
                yield return (whole, suite);
            }
        }
    }

    private static async Task<IReadOnlyList<AptSource>> ConfiguredSourcesAsync(CancellationToken cancellation)
    {
        string list = "/etc/apt/sources.list";
        string parts = "/etc/apt/sources.list.d/";
        ToolResult result = await Tool.RunAsync(
            "apt-config", ["shell", "LIST", "Dir::Etc::sourcelist/f", "PARTS", "Dir::Etc::sourceparts/d"], cancellation: cancellation);
        foreach (string line in result.Output.Split('\n'))
        {
            list = line.StartsWith("LIST='", StringComparison.Ordinal) ? line[6..^1] : list;
            parts = line.StartsWith("PARTS='", StringComparison.Ordinal) ? line[7..^1] : parts;
        }

        IEnumerable<string> files = Directory.Exists(parts) ? Directory.EnumerateFiles(parts).Order(StringComparer.Ordinal) : [];
        var sources = new List<AptSource>();
        foreach (string file in files.Prepend(list).Where(File.Exists))
        {
            string text = await File.ReadAllTextAsync(file, cancellation);
            sources.AddRange(Path.GetExtension(file) switch
            {
                ".list" => AptSource.ParseOneLine(text),
                ".sources" => AptSource.ParseDeb822(text),
                _ => [],
            });
        }

        return sources;
    }
}
