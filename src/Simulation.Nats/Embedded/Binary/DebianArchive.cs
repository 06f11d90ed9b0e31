namespace Simulation.Nats.Embedded;

/// <summary>
/// Debian's or Ubuntu's own archive, as this machine is configured to reach it (mirror, proxy, credentials, keys), without root: a private
/// apt with its own state, lists and one-suite source in the fetch folder. Nothing is installed, and the machine's apt does not notice.
/// </summary>
public static class DebianArchive
{
    public static bool IsAvailable =>
        OperatingSystem.IsLinux() && File.Exists("/usr/bin/apt-get") && File.Exists("/usr/bin/apt-cache") && File.Exists("/usr/bin/dpkg-deb");

    /// <param name="package">Its name.</param>
    /// <param name="version">What is wanted of its upstream version.</param>
    /// <param name="debianSuites">Where to look first, on Debian: newer suites than the machine's own may have what it has not.</param>
    /// <param name="folder">Empty, private to this call.</param>
    /// <param name="progress">Told, in sentences, what takes time.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The folder in which the package lies unpacked.</returns>
    /// <exception cref="PackageFetchException">It is not to be had here; the message says why.</exception>
    public static async Task<string> UnpackAsync(
        string package, RequestedVersion version, IEnumerable<string> debianSuites, string folder, IProgress<string> progress, CancellationToken cancellation = default)
    {
        try
        {
            return await UnpackFromAnySuiteAsync(package, version, debianSuites, folder, progress, cancellation);
        }
        catch (ToolException error)
        {
            throw new PackageFetchException(error.Message, error);
        }
    }

    /// <returns>A program of an unpacked package; null when it has none of that name.</returns>
    public static string? FindExecutable(string unpacked, string name) => Directory.EnumerateFiles(unpacked, name, SearchOption.AllDirectories)
        .FirstOrDefault(path => Path.GetFileName(Path.GetDirectoryName(path)) is "bin" or "sbin");

    private static async Task<string> UnpackFromAnySuiteAsync(
        string package, RequestedVersion version, IEnumerable<string> debianSuites, string folder, IProgress<string> progress, CancellationToken cancellation)
    {
        var problems = new List<string>();
        bool isDebian = (await File.ReadAllLinesAsync("/etc/os-release", cancellation)).Contains("ID=debian");
        foreach ((AptSource source, string suite) in Candidates(await ConfiguredSourcesAsync(cancellation), isDebian, debianSuites))
        {
            progress.Report($"Reading the package list of {suite}.");
            string attempt = Directory.CreateDirectory(Path.Combine(folder, $"apt-{problems.Count}")).FullName;
            PrivateApt apt = await PrivateApt.CreateAsync(attempt, source.ToDeb822(suite), cancellation);
            try
            {
                return await apt.UnpackAsync(package, version, cancellation);
            }
            catch (PackageFetchException error)
            {
                problems.Add($"{suite}: {error.Message}");
            }
        }

        throw new PackageFetchException(
            problems.Count == 0 ? "apt has no source for this distribution's main component" : string.Join("; ", problems));
    }

    /// <summary>On Debian the suites that were asked for; then, and on Ubuntu only, those that the machine itself uses.</summary>
    internal static IEnumerable<(AptSource Source, string Suite)> Candidates(
        IReadOnlyList<AptSource> sources, bool isDebian, IEnumerable<string> debianSuites)
    {
        foreach (AptSource source in sources.Where(source => source.Components.Contains("main")))
        {
            // "trixie-security" and "noble-updates" are pockets of an archive that is listed by its plain name, too.
            IEnumerable<string> configured = source.Suites.Where(suite => !suite.Contains('-') && !suite.Contains('/'));
            if (!configured.Any())
            {
                continue;
            }

            // Ubuntu keeps in universe much of what Debian keeps in main.
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
