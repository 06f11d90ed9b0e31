using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace Simulation.Nats.Embedded;

/// <summary>One private nats-server, or several that form a cluster on loopback.</summary>
public sealed class EmbeddedNatsCluster : IAsyncDisposable
{
    private const string ProbeStream = "SIMULATION_CLUSTER_PROBE";
    private static readonly TimeSpan ProbePause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Servers that start at the same moment sometimes end up in a mesh of routes in which the leader never hears from a member, and it does
    /// not mend itself. Started again, on other ports, they find each other.
    /// </summary>
    private const int Attempts = 3;

    private EmbeddedNatsCluster(ImmutableArray<EmbeddedNatsServer> servers)
    {
        Servers = servers;
        foreach (EmbeddedNatsServer server in servers)
        {
            server.Exited += exit => Exited?.Invoke(server, exit);
        }
    }

    /// <summary>As <see cref="EmbeddedNatsServer.Exited"/>, of any member.</summary>
    public event Action<EmbeddedNatsServer, NatsServerExit>? Exited;

    public ImmutableArray<EmbeddedNatsServer> Servers { get; }

    /// <summary>Comma-separated, as <c>nats.url</c> takes it.</summary>
    public string Url => string.Join(',', Servers.Select(server => server.Url));

    /// <summary>
    /// Starts <paramref name="size"/> servers and waits until streams with that many replicas can be made. <paramref name="options"/> holds for each;
    /// of several, each gets a folder and a name of its own (<c>simulation-1</c>, …).
    /// </summary>
    /// <exception cref="NatsServerStartException">One could not be started; nothing is left running.</exception>
    public static async Task<EmbeddedNatsCluster> StartAsync(int size, EmbeddedNatsServerOptions options, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (size == 1)
        {
            return new EmbeddedNatsCluster([await EmbeddedNatsServer.StartAsync(options, cancellation)]);
        }

        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await StartOnceAsync(size, options, options.StartTimeout / Attempts, cancellation);
            }
            catch (NatsServerStartException error) when (error.Problem == NatsServerStartProblem.NotReady && attempt < Attempts)
            {
                // Nothing of it is left running: again.
            }
        }
    }

    public Task StopAsync() => Task.WhenAll(Servers.Select(server => server.StopAsync()));

    public async ValueTask DisposeAsync() => await Task.WhenAll(Servers.Select(server => server.DisposeAsync().AsTask()));

    private static async Task<EmbeddedNatsCluster> StartOnceAsync(
        int size, EmbeddedNatsServerOptions options, TimeSpan patience, CancellationToken cancellation)
    {
        ImmutableArray<int> routes = [.. Enumerable.Range(0, size).Select(_ => LoopbackPorts.Pick())];
        string password = RandomNumberGenerator.GetHexString(32);
        using var starting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<EmbeddedNatsServer>[] starts =
            [.. routes.Select((route, index) => EmbeddedNatsServer.StartAsync(Member(options, index, new ClusterMembership(options.Name, route, routes, password)), starting.Token))];
        try
        {
            await foreach (Task<EmbeddedNatsServer> start in Task.WhenEach(starts))
            {
                await start;
            }

            var cluster = new EmbeddedNatsCluster([.. await Task.WhenAll(starts)]);
            await cluster.WaitUntilReplicatedAsync(patience, cancellation);
            return cluster;
        }
        catch
        {
            // One that failed leaves the others without a majority: they would wait for nothing.
            await starting.CancelAsync();
            await StopAllAsync(starts);
            throw;
        }
    }

    private static EmbeddedNatsServerOptions Member(EmbeddedNatsServerOptions options, int index, ClusterMembership membership)
    {
        string name = $"{options.Name}-{index + 1}";
        return options with
        {
            Name = name,
            Folder = Path.Combine(options.Folder, name),
            Port = options.Port + index,
            Cluster = membership,
        };
    }

    private static async Task StopAllAsync(IEnumerable<Task<EmbeddedNatsServer>> starts)
    {
        foreach (Task<EmbeddedNatsServer> start in starts)
        {
            try
            {
                await (await start).DisposeAsync();
            }
            catch (Exception error) when (error is NatsServerStartException or OperationCanceledException)
            {
                // Never came up: nothing to stop. What the caller hears is the first of these.
            }
        }
    }

    /// <summary>A meta leader alone is not enough: until it has heard from every member it finds no place for a replicated stream.</summary>
    private async Task WaitUntilReplicatedAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        string config = $$"""{"name":"{{ProbeStream}}","subjects":["{{ProbeStream}}"],"storage":"memory","num_replicas":{{Servers.Length}}}""";
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(timeout);
        JsonElement? answer = null;
        try
        {
            while ((answer = await Servers[0].RequestAsync($"$JS.API.STREAM.CREATE.{ProbeStream}", config, deadline.Token)) is not { } created || created.IsError())
            {
                await Task.Delay(ProbePause, deadline.Token);
            }

            while (await Servers[0].RequestAsync($"$JS.API.STREAM.DELETE.{ProbeStream}", "", deadline.Token) is not { } deleted || deleted.IsError())
            {
                await Task.Delay(ProbePause, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new NatsServerStartException(
                NatsServerStartProblem.NotReady,
                $"The cluster of {Servers.Length} nats-servers made no replicated stream within {timeout.TotalSeconds:0} s; its last answer was {answer?.ToString() ?? "none"}.");
        }
    }
}
