using System.Text;
using System.Text.Json;

namespace Simulation.Nats.Embedded;

/// <summary>
/// A private nats-server child process on loopback, with its own store folder. It is supervised: <see cref="Exited"/> tells when it ends, by
/// whatever cause, and <see cref="RestartAsync"/> brings it back on the same ports and store. It never outlives this process.
/// </summary>
public sealed class EmbeddedNatsServer : IAsyncDisposable
{
    private const int PortAttempts = 5;
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProbePause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan StopPause = TimeSpan.FromMilliseconds(1);

    private readonly EmbeddedNatsServerOptions _options;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly int? _monitorPort;
    private NatsServerProcess? _process;
    private Task<NatsServerExit>? _exit;
    private volatile bool _exitIsExpected;
    private long _logStart;

    private EmbeddedNatsServer(EmbeddedNatsServerOptions options, int port)
    {
        _options = options;
        Port = port;
        _monitorPort = options.Monitored ? LoopbackPorts.Pick() : null;
        StoreFolder = Path.Combine(options.Folder, "store");
        ConfigFile = Path.Combine(options.Folder, "server.conf");
        LogFile = Path.Combine(options.Folder, "server.log");
    }

    /// <summary>Raised on the thread pool at the end of every incarnation, expected or not.</summary>
    public event Action<NatsServerExit>? Exited;

    public string Name => _options.Name;

    public Version Version => _options.Binary.Version;

    public int Port { get; }

    public string Url => $"nats://127.0.0.1:{Port}";

    /// <summary>Where it answers <c>/varz</c>, <c>/jsz</c> and the like; null when it was not asked to.</summary>
    public string? MonitorUrl => _monitorPort is { } port ? $"http://127.0.0.1:{port}" : null;

    public string StoreFolder { get; }

    public string ConfigFile { get; }

    public string LogFile { get; }

    /// <summary>How often it was started.</summary>
    public int Incarnation { get; private set; }

    public bool IsRunning => _exit is { IsCompleted: false };

    /// <summary>Why <see cref="SuspendAsync"/> cannot be used here, with what would be needed; null when it can.</summary>
    public static string? WhyNotSuspend => GuardShell.HasSessions ? null : "the shell that guards a server would take a stopped one for an ended one; install setsid (util-linux)";

    /// <summary>Stopped by <see cref="SuspendAsync"/>: alive, and doing nothing.</summary>
    public bool IsSuspended { get; private set; }

    /// <summary>From the next start on, instead of <see cref="EmbeddedNatsServerOptions.MaxFileStorage"/>; bytes, null for no change.</summary>
    public long? FileStorageLimit { get; set; }

    /// <summary>What its store is on; null when it was not asked for.</summary>
    public QuotaDisk? Disk { get; private set; }

    /// <summary>Of the present incarnation, or of the last.</summary>
    public int ProcessId => _process?.Id ?? 0;

    /// <summary>Completes when the present incarnation ends.</summary>
    public Task<NatsServerExit> WhenExited => _exit ?? throw new InvalidOperationException("The server was never started.");

    /// <summary>Starts a server and waits until its JetStream answers.</summary>
    /// <exception cref="NatsServerStartException">It could not be started; nothing is left running.</exception>
    public static async Task<EmbeddedNatsServer> StartAsync(EmbeddedNatsServerOptions options, CancellationToken cancellation = default)
    {
        for (int attempt = 1; ; attempt++)
        {
            var server = new EmbeddedNatsServer(options, options.Port ?? LoopbackPorts.Pick());
            try
            {
                await server.MountDiskAsync();
                await server.RestartAsync(cancellation);
                return server;
            }
            catch (NatsServerStartException error) when (error.Problem == NatsServerStartProblem.PortInUse && options.Port is null && attempt < PortAttempts)
            {
                // Somebody else took the port between our look and the server's bind: take another.
                await server.DisposeAsync();
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Starts the server again on its ports and store, and waits until its JetStream answers.</summary>
    public Task RestartAsync(CancellationToken cancellation = default) => GatedAsync(async () =>
    {
        if (IsRunning)
        {
            throw new InvalidOperationException($"{Name} is running. Stop or kill it first.");
        }

        await LaunchAsync();
        try
        {
            await WaitUntilReadyAsync(cancellation);
            return true;
        }
        catch
        {
            await EndAsync(process => process.Kill(), TimeSpan.Zero);
            throw;
        }
    });

    /// <summary>SIGTERM, and SIGKILL when it has not ended in time. Does nothing when it is not running.</summary>
    public Task StopAsync() => GatedAsync(() => EndAsync(process => process.Terminate(), _options.StopTimeout));

    /// <summary>SIGKILL: what was not on disk is lost, as in a crash of the process. Does nothing when it is not running.</summary>
    public Task KillAsync() => GatedAsync(() => EndAsync(process => process.Kill(), TimeSpan.Zero));

    /// <summary>
    /// SIGSTOP: its sockets stay open and nobody answers. Returns once the operating system says that it stands still. It can be resumed, killed
    /// and stopped, and does not outlive this process any more than a running one.
    /// </summary>
    /// <returns>False when it is not running.</returns>
    public Task<bool> SuspendAsync() => GatedAsync(SuspendNowAsync);

    /// <summary>SIGCONT. Does nothing when it is not suspended.</summary>
    public Task ResumeAsync() => GatedAsync(() => Task.FromResult(ResumeNow()));

    /// <summary>Does some work on the store's files while nothing writes to them: the server stands still, or is not running.</summary>
    public Task HoldStillAsync(Action work) => GatedAsync(async () =>
    {
        bool wasSuspended = IsSuspended;
        _ = wasSuspended || await SuspendNowAsync();
        try
        {
            work();
        }
        finally
        {
            _ = wasSuspended || ResumeNow();
        }

        return true;
    });

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
        await (Disk?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>Asks this server's JetStream one thing.</summary>
    internal Task<JsonElement?> RequestAsync(string subject, string body, CancellationToken cancellation) =>
        NatsServerProbe.RequestAsync(Port, subject, body, ProbeTimeout, cancellation);

    /// <summary>As <see cref="RequestAsync"/>, as the administrator of the whole cluster.</summary>
    internal Task<JsonElement?> RequestAsAdministratorAsync(string subject, string body, CancellationToken cancellation) =>
        NatsServerProbe.RequestAsync(Port, subject, body, ProbeTimeout, cancellation, _options.Cluster?.AdministratorPassword);

    private async Task MountDiskAsync()
    {
        if (_options.OwnDisk)
        {
            Directory.CreateDirectory(_options.Folder);
            Disk = await QuotaDisk.MountAsync(StoreFolder, Math.Min(_options.MaxFileStorage, new DriveInfo(_options.Folder).AvailableFreeSpace));
        }
    }

    private async Task LaunchAsync()
    {
        PrepareFolder();
        if (new[] { Port, _monitorPort ?? Port }.FirstOrDefault(port => !LoopbackPorts.IsFree(port)) is var taken and > 0)
        {
            throw new NatsServerStartException(
                NatsServerStartProblem.PortInUse, $"Port {taken} on 127.0.0.1 is in use by another process. End that process, or let the port be chosen.");
        }

        _process?.Dispose();
        _process = await NatsServerProcess.StartAsync(_options.Binary.Path, ConfigFile, LogFile);
        _exitIsExpected = false;
        IsSuspended = false;
        Incarnation++;
        _exit = ObserveAsync(_process, Incarnation);
        _ = AnnounceAsync(_exit);
    }

    private void PrepareFolder()
    {
        string config = NatsServerConfigFile.Render(_options with { MaxFileStorage = FileStorageLimit ?? _options.MaxFileStorage }, Port, _monitorPort, StoreFolder);
        try
        {
            Directory.CreateDirectory(StoreFolder);
            string trial = Path.Combine(StoreFolder, ".writable");
            File.WriteAllBytes(trial, [0]);
            File.Delete(trial);
            File.WriteAllText(ConfigFile, config);
            _logStart = File.Exists(LogFile) ? new FileInfo(LogFile).Length : 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new NatsServerStartException(
                NatsServerStartProblem.FolderNotWritable,
                $"The folder {_options.Folder} for nats-server's store cannot be written: {error.Message} Give write access, or choose another folder.",
                error);
        }

        long free = new DriveInfo(StoreFolder).AvailableFreeSpace;
        if (free < _options.MinimumFreeDisk)
        {
            throw new NatsServerStartException(
                NatsServerStartProblem.OutOfDisk,
                $"Only {free / (1 << 20)} MiB are free at {StoreFolder}; nats-server needs {_options.MinimumFreeDisk / (1 << 20)}. Make room, or choose another folder.");
        }
    }

    private async Task<NatsServerExit> ObserveAsync(NatsServerProcess process, int incarnation)
    {
        int code = await process.Exited;
        return new NatsServerExit(Name, incarnation, code, _exitIsExpected, LastLogLines());
    }

    /// <summary>Only once the exit is known to everybody: whoever hears of it may restart the server at once.</summary>
    private async Task AnnounceAsync(Task<NatsServerExit> exit)
    {
        NatsServerExit known = await exit;
        await Task.Run(() => Exited?.Invoke(known));
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellation)
    {
        // Clustered, JetStream answers this without an error only once there is a meta leader.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(_options.StartTimeout);
        try
        {
            while (await RequestAsync("$JS.API.INFO", "", deadline.Token) is not { } answer || answer.IsError())
            {
                if (_exit!.IsCompleted)
                {
                    throw Died(await _exit);
                }

                await Task.WhenAny(_exit, Task.Delay(ProbePause, deadline.Token));
                deadline.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new NatsServerStartException(
                NatsServerStartProblem.NotReady,
                $"JetStream of nats-server {Name} ({Url}) was not usable after {_options.StartTimeout.TotalSeconds:0} s. Its log ({LogFile}) ends with:\n{LastLogLines()}");
        }
    }

    private NatsServerStartException Died(NatsServerExit exit)
    {
        bool Says(string words) => exit.LastLogLines.Contains(words, StringComparison.OrdinalIgnoreCase);
        NatsServerStartProblem problem =
            Says("address already in use") ? NatsServerStartProblem.PortInUse
            : Says("no space left") ? NatsServerStartProblem.OutOfDisk
            : Says("permission denied") || Says("read-only file system") ? NatsServerStartProblem.FolderNotWritable
            : NatsServerStartProblem.Died;
        return new NatsServerStartException(
            problem, $"nats-server {Name} ended at its start with exit code {exit.ExitCode}. Its log ({LogFile}) ends with:\n{exit.LastLogLines}");
    }

    private async Task<T> GatedAsync<T>(Func<Task<T>> work)
    {
        await _gate.WaitAsync();
        try
        {
            return await work();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<bool> EndAsync(Action<NatsServerProcess> ask, TimeSpan patience)
    {
        if (_process is null || !IsRunning)
        {
            return false;
        }

        _exitIsExpected = true;
        ask(_process);
        ResumeNow();
        if (patience > TimeSpan.Zero && await Task.WhenAny(_exit!, Task.Delay(patience)) != _exit)
        {
            _process.Kill();
        }

        await _exit!;
        return true;
    }

    private async Task<bool> SuspendNowAsync()
    {
        if (!IsRunning || !_process!.Suspend())
        {
            return false;
        }

        IsSuspended = true;
        while (IsRunning && !await _process.IsStoppedAsync())
        {
            await Task.Delay(StopPause);
        }

        return IsRunning;
    }

    private bool ResumeNow()
    {
        if (!IsSuspended)
        {
            return false;
        }

        IsSuspended = false;
        _process!.Resume();
        return true;
    }

    /// <summary>The last lines of this incarnation.</summary>
    private string LastLogLines()
    {
        const int Lines = 12;
        const int Tail = 8192;
        if (!File.Exists(LogFile))
        {
            return "";
        }

        using var log = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        log.Seek(Math.Max(_logStart, log.Length - Tail), SeekOrigin.Begin);
        using var reader = new StreamReader(log, Encoding.UTF8);
        return string.Join('\n', reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(Lines));
    }
}
