namespace Simulation.Nats.Embedded;

/// <summary>
/// The cache folder, shared by every process of the user: <c>&lt;version&gt;/nats-server</c>. A fetch happens in a private folder beside it,
/// under a file lock that dies with its process, and appears by one atomic rename: nobody ever sees half a binary.
/// </summary>
internal sealed class NatsServerCache(string folder)
{
    private const string FetchPrefix = ".fetch-";
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(200);

    public string Folder => folder;

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

    /// <summary>Waits until no other process fetches into this cache.</summary>
    public async Task<IDisposable> LockAsync(IProgress<string> progress, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, ".lock");
        for (bool told = false; ; told = true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                if (!told)
                {
                    progress.Report("Another process is fetching nats-server; waiting for it.");
                }

                await Task.Delay(LockPoll, cancellation);
            }
        }
    }

    /// <summary>A fresh folder to fetch into. Call it under the lock: what a killed process left behind is removed.</summary>
    public string CreateFetchFolder()
    {
        foreach (string abandoned in Directory.EnumerateDirectories(folder, FetchPrefix + "*"))
        {
            Directory.Delete(abandoned, recursive: true);
        }

        return Directory.CreateDirectory(Path.Combine(folder, $"{FetchPrefix}{Guid.NewGuid():N}")).FullName;
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
