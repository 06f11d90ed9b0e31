using Simulation.Nats.Embedded;
using Xunit;

namespace Simulation.TestServers;

/// <summary>
/// A program that tests use and this machine may lack: the one on the PATH, else one of the distribution's package, which is fetched into
/// the cache once and needs no installation.
/// </summary>
/// <param name="package">Debian's name of it.</param>
/// <param name="programs">All that are taken from it.</param>
public sealed class PackagedProgram(string package, params string[] programs)
{
    private readonly string _cache = Path.Combine(NatsServerLocatorOptions.CacheRoot, package);

    /// <summary>Skips the test, with the reason, when it cannot be had.</summary>
    /// <param name="program">One of them.</param>
    public async Task<string> LocateAsync(string program)
    {
        if (Find(program) is { } found)
        {
            return found;
        }

        Skip.IfNot(DebianArchive.IsAvailable, $"{program} is not on the PATH, and there is no apt to fetch Debian's package {package}");
        try
        {
            return await FetchAsync(program);
        }
        catch (PackageFetchException error)
        {
            throw new SkipException($"{program} is not on the PATH, and Debian's package {package} cannot be fetched: {error.Message}");
        }
    }

    private string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Append(_cache).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private async Task<string> FetchAsync(string program)
    {
        var fetches = new FetchLock(_cache, package);
        var progress = new Progress<string>();
        using IDisposable fetching = await fetches.TakeAsync(progress, CancellationToken.None);
        if (Find(program) is { } meanwhile)
        {
            return meanwhile;
        }

        string folder = fetches.CreateFetchFolder();
        try
        {
            string unpacked = await DebianArchive.UnpackAsync(package, RequestedVersion.Any, [], folder, progress);
            foreach (string one in programs)
            {
                string executable = DebianArchive.FindExecutable(unpacked, one) ?? throw new PackageFetchException($"it holds no {one}");
                File.Move(executable, Path.Combine(_cache, one), overwrite: true);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return Path.Combine(_cache, program);
    }
}
