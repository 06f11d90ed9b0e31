namespace Simulation.Nats.Embedded;

/// <summary>
/// Finds the nats-server to run: the file that the user named, else one on the PATH, else one in the cache folder, else one fetched now.
/// Safe when several processes look at once.
/// </summary>
public sealed class NatsServerLocator(NatsServerLocatorOptions options)
{
    private readonly NatsServerCache _cache = new(options.CacheFolder);

    public NatsServerLocator()
        : this(new NatsServerLocatorOptions())
    {
    }

    /// <param name="version">What is wanted.</param>
    /// <param name="progress">Told, in sentences, what takes time. May be called from any thread.</param>
    /// <param name="cancellation">Ends a fetch.</param>
    /// <exception cref="NatsServerNotFoundException">There is none, or the named file is not what was asked for.</exception>
    public async Task<NatsServerBinary> LocateAsync(
        RequestedVersion version, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        if (options.ExplicitPath is not null)
        {
            return await ExplicitAsync(options.ExplicitPath, version, cancellation);
        }

        return await OnPathAsync(version, cancellation)
            ?? await _cache.FindAsync(version, cancellation)
            ?? await FetchAsync(version, progress ?? new Progress<string>(), cancellation);
    }

    private static async Task<NatsServerBinary> ExplicitAsync(string path, RequestedVersion version, CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            throw new NatsServerNotFoundException(
                $"nats.server_path names {path}, which does not exist.", "Correct the path, or leave it out to have nats-server found or fetched.");
        }

        NatsServerBinary binary = await NatsServerBinary.ProbeAsync(Path.GetFullPath(path), NatsServerOrigin.Explicit, cancellation);
        return version.Matches(binary.Version)
            ? binary
            : throw new NatsServerNotFoundException(
                $"nats.server_path names {path}, which is nats-server {binary.Version}; {version} was asked for.",
                "Ask for that version, or name another file.");
    }

    private async Task<NatsServerBinary?> OnPathAsync(RequestedVersion version, CancellationToken cancellation)
    {
        foreach (string folder in options.SearchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            string path = Path.Combine(folder, NatsServerCache.ExecutableName);
            if (!File.Exists(path))
            {
                continue;
            }

            try
            {
                NatsServerBinary binary = await NatsServerBinary.ProbeAsync(Path.GetFullPath(path), NatsServerOrigin.Path, cancellation);
                if (version.Matches(binary.Version))
                {
                    return binary;
                }
            }
            catch (NatsServerNotFoundException)
            {
                // A file of that name that does not run is no reason to stop looking.
            }
        }

        return null;
    }

    private async Task<NatsServerBinary> FetchAsync(RequestedVersion version, IProgress<string> progress, CancellationToken cancellation)
    {
        try
        {
            using IDisposable fetching = await _cache.Fetches.TakeAsync(progress, cancellation);
            return await _cache.FindAsync(version, cancellation) ?? await FetchLockedAsync(version, progress, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new NatsServerNotFoundException(
                $"No nats-server {version} on the PATH, and the cache folder {_cache.Folder} cannot be used: {error.Message}",
                "Make room or give write access there, set XDG_CACHE_HOME to another folder, or set nats.server_path.");
        }
    }

    private async Task<NatsServerBinary> FetchLockedAsync(RequestedVersion version, IProgress<string> progress, CancellationToken cancellation)
    {
        var problems = new List<string>();
        foreach (INatsServerSource source in options.Sources)
        {
            string folder = _cache.Fetches.CreateFetchFolder();
            try
            {
                progress.Report($"Fetching nats-server ({version}) from {source.Name}.");
                string executable = await source.FetchAsync(version, folder, progress, cancellation);
                NatsServerBinary binary = await _cache.InstallAsync(executable, folder, cancellation);
                progress.Report($"nats-server {binary.Version} is now at {binary.Path}.");
                return binary;
            }
            catch (Exception error) when (error is NatsServerFetchException or NatsServerNotFoundException)
            {
                problems.Add($"{source.Name}: {error.Message}");
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        string tried = problems.Count == 0 ? "Fetching is switched off." : $"Fetching failed ({string.Join("; ", problems)}).";
        throw new NatsServerNotFoundException(
            $"No nats-server ({version}) on the PATH or in {_cache.Folder}. {tried}",
            "Install nats-server, set nats.server_path to its executable, or use nats.mode: external with nats.url.");
    }
}
