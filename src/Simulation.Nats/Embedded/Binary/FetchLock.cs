namespace Simulation.Nats.Embedded;

/// <summary>Lets one process at a time fetch into a cache folder that all processes of the user share. It dies with its process.</summary>
/// <param name="folder">The cache.</param>
/// <param name="what">Is fetched, for whoever waits.</param>
public sealed class FetchLock(string folder, string what)
{
    private const string FetchPrefix = ".fetch-";
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until no other process fetches into this folder.</summary>
    public async Task<IDisposable> TakeAsync(IProgress<string> progress, CancellationToken cancellation)
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
                    progress.Report($"Another process is fetching {what}; waiting for it.");
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
}
