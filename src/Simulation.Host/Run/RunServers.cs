using System.Collections.Immutable;
using System.Diagnostics;
using Simulation.Host.CommandLine;
using Simulation.Host.Configuration;
using Simulation.Host.View;
using Simulation.Nats.Embedded;

namespace Simulation.Host.Run;

/// <summary>The servers of a run: its own, started here and brought back when they die, or somebody else's, which are left alone.</summary>
internal sealed class RunServers : IAsyncDisposable
{
    /// <summary>Shells add the number of the signal that ended a process.</summary>
    private const int SignalBase = 128;

    private readonly EmbeddedNatsCluster? _embedded;
    private readonly RunLog _log;
    private volatile bool _ending;

    private RunServers(string url, EmbeddedNatsCluster? embedded, RunLog log)
    {
        Url = url;
        _embedded = embedded;
        _log = log;
        if (embedded is not null)
        {
            embedded.Exited += (server, exit) => _ = BringBackAsync(server, exit);
        }
    }

    /// <summary>A server died and was brought back: what happened, and for how long it was away.</summary>
    public event Action<string, TimeSpan>? Incident;

    /// <summary>A server died and could not be brought back.</summary>
    public event Action<string>? Lost;

    public string Url { get; }

    public bool AreOurs => _embedded is not null;

    /// <summary>Null when they are somebody else's.</summary>
    public EmbeddedNatsCluster? Embedded => _embedded;

    /// <summary>Of the run's own servers.</summary>
    public ImmutableArray<string> Versions => _embedded is null ? [] : [.. _embedded.Servers.Select(server => $"{server.Name} {server.Version}")];

    /// <param name="nats">Which.</param>
    /// <param name="folder">Of the run.</param>
    /// <param name="log">To tell.</param>
    /// <param name="routeFaults">Whether servers are to be cut off from each other.</param>
    /// <param name="ownDisks">Whether each has a file system of its own, which can be filled.</param>
    /// <param name="cancellation">Of the start.</param>
    public static async Task<RunServers> StartAsync(
        NatsSection nats, RunFolder folder, RunLog log, bool routeFaults, bool ownDisks, CancellationToken cancellation)
    {
        if (nats.Mode == NatsMode.External)
        {
            return new RunServers(nats.Url, null, log);
        }

        foreach (string forsaken in await QuotaDisk.UnmountForsakenAsync(Path.GetDirectoryName(folder.Path)!))
        {
            log.Warning($"{forsaken} was still mounted for a run that is gone; it is unmounted");
        }

        try
        {
            var locator = new NatsServerLocator(new NatsServerLocatorOptions { ExplicitPath = nats.ServerPath });
            NatsServerBinary binary = await locator.LocateAsync(RequestedVersion.Parse(nats.Version ?? "any"), new Progress<string>(log.Info), cancellation);
            EmbeddedNatsCluster cluster = await EmbeddedNatsCluster.StartAsync(nats.Cluster.Size, new EmbeddedNatsServerOptions
            {
                Binary = binary,
                Folder = folder.Nats,
                MaxMemory = nats.Jetstream.MaxMemory.Bytes,
                MaxFileStorage = nats.Jetstream.MaxFileStorage.Bytes,
                SyncInterval = nats.Jetstream.SyncInterval,
                Monitored = true,
                OwnDisk = ownDisks,
            }, cancellation, routeFaults);
            log.Info($"nats-server {binary.Version} at {cluster.Url}");
            return new RunServers(cluster.Url, cluster, log);
        }
        catch (Exception error) when (error is NatsServerNotFoundException or NatsServerStartException or QuotaDiskException)
        {
            throw new UserErrorException(ExitCode.Unavailable, error.Message, error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ending = true;
        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }
    }

    private async Task BringBackAsync(EmbeddedNatsServer server, NatsServerExit exit)
    {
        // What was ended on purpose, or by a disk that is full on purpose, whoever did it brings back.
        if (_ending || exit.Expected || server.Disk is { IsFilled: true })
        {
            return;
        }

        var away = Stopwatch.StartNew();
        string what = $"nats-server {server.Name} ended unexpectedly ({Describe(exit.ExitCode)})";
        _log.Warning($"{what}; starting it again from its store");
        try
        {
            await server.RestartAsync();
            _log.Warning($"nats-server {server.Name} is back after {away.Elapsed.TotalSeconds:0.0} s");
            Incident?.Invoke($"{what} and was restarted from its store", away.Elapsed);
        }
        catch (Exception error) when (!_ending)
        {
            _log.Write(Kernel.LogLevel.Error, "", $"nats-server {server.Name} could not be started again", error);
            Incident?.Invoke($"{what} and could not be started again: {error.Message}", away.Elapsed);
            Lost?.Invoke($"{what} and could not be started again");
        }
    }

    private static string Describe(int exitCode) => exitCode > SignalBase ? $"signal {exitCode - SignalBase}" : $"exit code {exitCode}";
}
