namespace Simulation.Nats.Embedded;

/// <summary>An apt that lives in one folder: it keeps the machine's proxy and credentials, and shares nothing else with it.</summary>
internal sealed class PrivateApt
{
    private readonly string _folder;
    private readonly Dictionary<string, string> _environment;

    private PrivateApt(string folder, string configFile)
    {
        _folder = folder;
        _environment = new Dictionary<string, string> { ["APT_CONFIG"] = configFile };
    }

    public static async Task<PrivateApt> CreateAsync(string folder, string sources, CancellationToken cancellation)
    {
        string sourceParts = Directory.CreateDirectory(Path.Combine(folder, "sources.d")).FullName;
        await File.WriteAllTextAsync(Path.Combine(sourceParts, "archive.sources"), sources, cancellation);
        string lists = Directory.CreateDirectory(Path.Combine(folder, "state", "lists", "partial")).Parent!.FullName;
        string cache = Directory.CreateDirectory(Path.Combine(folder, "cache", "archives", "partial")).Parent!.Parent!.FullName;
        string status = Path.Combine(folder, "state", "status");
        await File.WriteAllTextAsync(status, "", cancellation);

        // The machine's settings without its hooks, which may touch the machine. apt reads this file instead of its own.
        ToolResult machine = await Tool.RunAsync("apt-config", ["dump"], cancellation: cancellation);
        IEnumerable<string> kept = machine.Output.Split('\n').Where(line => !line.StartsWith("APT::Update::", StringComparison.Ordinal)
            && !line.StartsWith("DPkg::", StringComparison.Ordinal));
        IEnumerable<string> own =
        [
            "Dir::Etc::main \"/dev/null\";",
            "Dir::Etc::parts \"/dev/null\";",
            "Dir::Etc::sourcelist \"/dev/null\";",
            $"Dir::Etc::sourceparts \"{sourceParts}\";",
            "Dir::Etc::preferences \"/dev/null\";",
            "Dir::Etc::preferencesparts \"/dev/null\";",
            $"Dir::State \"{Path.Combine(folder, "state")}\";",
            $"Dir::State::lists \"{lists}\";",
            $"Dir::State::status \"{status}\";",
            $"Dir::Cache \"{cache}\";",
            "Acquire::Languages \"none\";",
            "APT::Sandbox::User \"\";",
        ];
        string configFile = Path.Combine(folder, "apt.conf");
        await File.WriteAllLinesAsync(configFile, kept.Concat(own), cancellation);
        return new PrivateApt(folder, configFile);
    }

    /// <summary>Downloads and unpacks the package if its version matches; returns the folder.</summary>
    public async Task<string> UnpackAsync(string package, RequestedVersion version, CancellationToken cancellation)
    {
        await RunAsync("apt-get", ["update", "-q"], cancellation);
        string listing = await RunAsync("apt-cache", ["madison", package], cancellation);
        string[] offered = [.. listing.Split('\n').Select(line => line.Split('|')).Where(fields => fields.Length >= 2).Select(fields => fields[1].Trim())];
        string? wanted = offered.FirstOrDefault(candidate => Upstream(candidate) is { } parsed && version.Matches(parsed));
        if (wanted is null)
        {
            throw new PackageFetchException(offered.Length == 0 ? "no such package" : $"has {string.Join(", ", offered)}");
        }

        await RunAsync("apt-get", ["download", "-q", $"{package}={wanted}"], cancellation);
        string archive = Directory.EnumerateFiles(_folder, "*.deb").Single();
        string unpacked = Path.Combine(_folder, "unpacked");
        await RunAsync("dpkg-deb", ["--extract", archive, unpacked], cancellation);
        return unpacked;
    }

    /// <returns>The upstream part of a Debian version such as <c>1:2.10.27-1+b2</c>.</returns>
    private static Version? Upstream(string debianVersion) =>
        Version.TryParse(debianVersion.Split(':')[^1].Split('-', '+', '~')[0], out Version? parsed) ? parsed : null;

    private async Task<string> RunAsync(string tool, string[] arguments, CancellationToken cancellation)
    {
        ToolResult result = await Tool.RunAsync(tool, arguments, _folder, _environment, cancellation);
        if (result.ExitCode == 0)
        {
            return result.Output;
        }

        string reason = result.Error.Split('\n').FirstOrDefault(line => line.StartsWith("E:", StringComparison.Ordinal)) ?? $"exit code {result.ExitCode}";
        throw new PackageFetchException($"{tool} {arguments[0]}: {reason}");
    }
}
