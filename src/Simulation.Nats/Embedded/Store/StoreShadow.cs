using System.Diagnostics;

namespace Simulation.Nats.Embedded;

/// <summary>
/// A copy of a server's store as it was at its last sync point, kept so that a power loss can be made: docs/decisions/power-loss.md. While a copy
/// is made the server stands still; only files that changed since the last one are copied, as clones where the file system knows how.
/// </summary>
public sealed class StoreShadow : IAsyncDisposable
{
    private readonly EmbeddedNatsServer _server;
    private readonly string _folder;
    private readonly Dictionary<string, FileStamp> _copied = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _ending = new();
    private Task _keeping = Task.CompletedTask;
    private long _takenAt;

    private StoreShadow(EmbeddedNatsServer server)
    {
        _server = server;
        _folder = Path.Combine(Path.GetDirectoryName(server.ConfigFile)!, "shadow");
    }

    /// <summary>What nats-server does unless it is told otherwise.</summary>
    public static TimeSpan DefaultSyncInterval { get; } = TimeSpan.FromMinutes(2);

    /// <summary>Whose store.</summary>
    public EmbeddedNatsServer Server => _server;

    /// <summary>How long the server stood still for the last copy.</summary>
    public TimeSpan LastPause { get; private set; }

    /// <summary>Takes the first copy, and another one each <paramref name="interval"/>.</summary>
    public static async Task<StoreShadow> KeepAsync(EmbeddedNatsServer server, TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        var shadow = new StoreShadow(server);
        await shadow.TakeAsync();
        shadow._keeping = shadow.TakeEachAsync(interval);
        return shadow;
    }

    /// <summary>Takes a copy now: a sync point.</summary>
    public Task TakeAsync() => _server.HoldStillAsync(() =>
    {
        var pause = Stopwatch.StartNew();
        CopyChanged();
        _takenAt = Stopwatch.GetTimestamp();
        LastPause = pause.Elapsed;
    });

    /// <summary>Puts the store back to the last copy. Only while the server is not running.</summary>
    public async Task<StoreRollback> RollBackAsync()
    {
        StoreRollback? rollback = null;
        await _server.HoldStillAsync(() =>
        {
            if (_server.IsRunning)
            {
                throw new InvalidOperationException($"{_server.Name} is running. Kill it first.");
            }

            rollback = PutBack();
        });
        return rollback!;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _keeping;
        _ending.Dispose();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task TakeEachAsync(TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token))
            {
                // A server that is down syncs nothing.
                if (_server.IsRunning)
                {
                    await TakeAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private void CopyChanged()
    {
        Dictionary<string, FileStamp> present = Stamps(_server.StoreFolder);
        foreach (string gone in _copied.Keys.Except(present.Keys).ToList())
        {
            File.Delete(Path.Combine(_folder, gone));
            _copied.Remove(gone);
        }

        foreach ((string name, FileStamp stamp) in present)
        {
            if (!_copied.TryGetValue(name, out FileStamp copied) || copied != stamp)
            {
                _copied.Remove(name);
                Copy(name, _server.StoreFolder, _folder);
                _copied[name] = stamp;
            }
        }
    }

    private StoreRollback PutBack()
    {
        Dictionary<string, FileStamp> present = Stamps(_server.StoreFolder);
        List<string> changed = [.. present.Keys.Union(_copied.Keys).Where(name => present.GetValueOrDefault(name) != _copied.GetValueOrDefault(name))];
        foreach (string name in changed)
        {
            if (_copied.ContainsKey(name))
            {
                Copy(name, _folder, _server.StoreFolder);
                _copied[name] = FileStamp.Of(Path.Combine(_server.StoreFolder, name));
            }
            else
            {
                File.Delete(Path.Combine(_server.StoreFolder, name));
            }
        }

        RemoveEmptyFolders(_server.StoreFolder);
        long gone = present.Values.Sum(file => file.Length) - _copied.Values.Sum(file => file.Length);
        return new StoreRollback(Stopwatch.GetElapsedTime(_takenAt), changed.Count, gone);
    }

    private static void Copy(string name, string from, string to)
    {
        string target = Path.Combine(to, name);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(Path.Combine(from, name), target, overwrite: true);
    }

    private static Dictionary<string, FileStamp> Stamps(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file), FileStamp.Of, StringComparer.Ordinal);

    /// <summary>A stream that had not been made at the sync point leaves no empty folder, which a server would take for a damaged stream.</summary>
    private static void RemoveEmptyFolders(string folder)
    {
        foreach (string inner in Directory.EnumerateDirectories(folder))
        {
            RemoveEmptyFolders(inner);
            if (!Directory.EnumerateFileSystemEntries(inner).Any())
            {
                Directory.Delete(inner);
            }
        }
    }

    private readonly record struct FileStamp(long Length, DateTime Written)
    {
        public static FileStamp Of(string file)
        {
            var info = new FileInfo(file);
            return new FileStamp(info.Length, info.LastWriteTimeUtc);
        }
    }
}
