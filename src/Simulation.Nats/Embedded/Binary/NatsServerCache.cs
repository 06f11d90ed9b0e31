namespace Simulation.Nats.Embedded;

/// <summary>
/// The cache folder, shared by every process of the user: <c>&lt;version&gt;/nats-server</c>. A fetch happens in a private folder beside it,
/// under a file lock that dies with its process, and appears by one atomic rename: nobody ever sees half a binary.
/// </summary>
internal sealed class NatsServerCache(string folder)
{
    public string Folder => folder;

    /// <summary>Of fetches into it.</summary>
    public FetchLock Fetches { get; } = new(folder, "nats-server");

    public static string ExecutableName => OperatingSystem.IsWindows() ? "nats-server.exe" : "nats-server";

    /// <returns>The newest cached binary that matches, or null.</returns>
    public async Task<NatsServerBinary?> FindAsync(RequestedVersion version, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        var candidates = Directory.EnumerateDirectories(folder)
            .Select(path => (Path: Path.Combine(path, ExecutableName), Parsed: Version.TryParse(Path.GetFileName(path), out Version? parsed) ? parsed : null))
            .Where(candidate => candidate.Parsed is not null && version.Matches(candidate.Parsed) && File.Exists(candidate.Path))
            .OrderByDescending(candidate => candidate.Parsed);
        foreach ((string path, _) in candidates)
        {
            try
            {
                NatsServerBinary binary = await NatsServerBinary.ProbeAsync(path, NatsServerOrigin.Cache, cancellation);
                if (version.Matches(binary.Version))
                {
                    return binary;
                }
            }
            catch (NatsServerNotFoundException)
            {
                // Built for another machine (a home folder shared over the network): look on, fetch if need be.
            }
        }

        return null;
    }

    /// <summary>Moves a fetched executable to its place. Call it under the lock.</summary>
    public async Task<NatsServerBinary> InstallAsync(string executable, string fetchFolder, CancellationToken cancellation)
    {
        string staged = Directory.CreateDirectory(Path.Combine(fetchFolder, "install")).FullName;
        string stagedFile = Path.Combine(staged, ExecutableName);
        File.Move(executable, stagedFile);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(stagedFile, (UnixFileMode)Convert.ToInt32("755", 8));
        }

        NatsServerBinary binary = await NatsServerBinary.ProbeAsync(stagedFile, NatsServerOrigin.Fetched, cancellation);
        string target = Path.Combine(folder, binary.Version.ToString());
        if (Directory.Exists(target))
        {
            // It was there and did not run (see FindAsync): what was fetched just now does.
            Directory.Move(target, Path.Combine(fetchFolder, "replaced"));
        }

        Directory.Move(staged, target);
        return binary with { Path = Path.Combine(target, ExecutableName) };
    }
}
