namespace Simulation.Nats.Embedded;

/// <summary>Where <see cref="NatsServerLocator"/> looks.</summary>
public sealed record NatsServerLocatorOptions
{
    /// <summary><c>nats.server_path</c>: only this file is considered. Default: none.</summary>
    public string? ExplicitPath { get; init; }

    /// <summary>Folders to search, joined as in PATH. Default: the PATH of this process.</summary>
    public string SearchPath { get; init; } = Environment.GetEnvironmentVariable("PATH") ?? "";

    /// <summary>Holds one folder per version. Default: <c>$XDG_CACHE_HOME/simulation/nats-server</c>, or <c>~/.cache/simulation/nats-server</c>.</summary>
    public string CacheFolder { get; init; } = DefaultCacheFolder;

    /// <summary>Asked in this order when nothing was found. Default: the machine's apt archive on Debian and Ubuntu, then the official releases. Empty: never fetch.</summary>
    public IReadOnlyList<INatsServerSource> Sources { get; init; } = DefaultSources;

    public static string DefaultCacheFolder => Path.Combine(CacheRoot, "nats-server");

    /// <summary>Of everything that is fetched for this user: <c>$XDG_CACHE_HOME/simulation</c>, or <c>~/.cache/simulation</c>.</summary>
    public static string CacheRoot
    {
        get
        {
            string? configured = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            string root = Path.IsPathRooted(configured)
                ? configured!
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(root, "simulation");
        }
    }

    private static IReadOnlyList<INatsServerSource> DefaultSources =>
        DebianArchive.IsAvailable ? [new AptArchive(), new ReleaseArchive()] : [new ReleaseArchive()];
}
