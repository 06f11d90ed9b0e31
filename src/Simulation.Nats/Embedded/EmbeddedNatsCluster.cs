using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Simulation.Nats.Proxy;

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

    private readonly RouteProxies? _routes;

    private EmbeddedNatsCluster(ImmutableArray<EmbeddedNatsServer> servers, RouteProxies? routes)
    {
        Servers = servers;
        _routes = routes;
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
    /// <param name="routeFaults">Put a proxy into each route between two members, so that <see cref="RoutesOf"/> can be used.</param>
    /// <exception cref="NatsServerStartException">One could not be started; nothing is left running.</exception>
    public static async Task<EmbeddedNatsCluster> StartAsync(
        int size, EmbeddedNatsServerOptions options, CancellationToken cancellation = default, bool routeFaults = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (size == 1)
        {
            return new EmbeddedNatsCluster([await EmbeddedNatsServer.StartAsync(options, cancellation)], null);
        }

        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await StartOnceAsync(size, options, options.StartTimeout / Attempts, routeFaults, cancellation);
            }
            catch (NatsServerStartException error) when (error.Problem == NatsServerStartProblem.NotReady && attempt < Attempts)
            {
                // Nothing of it is left running: again.
            }
        }
    }

    public Task StopAsync() => Task.WhenAll(Servers.Select(server => server.StopAsync()));

    /// <returns>The ways between this server and the other members, both directions; null when there are none, or no proxies in them.</returns>
    public FaultLinks? RoutesOf(EmbeddedNatsServer server) => _routes?.Of(Servers.IndexOf(server));

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Servers.Select(server => server.DisposeAsync().AsTask()));
        await DisposeAsync(_routes);
    }

    private static async Task<EmbeddedNatsCluster> StartOnceAsync(
        int size, EmbeddedNatsServerOptions options, TimeSpan patience, bool routeFaults, CancellationToken cancellation)
    {
        ImmutableArray<int> routes = [.. Enumerable.Range(0, size).Select(_ => LoopbackPorts.Pick())];
        RouteProxies? proxies = routeFaults ? RouteProxies.Start([.. routes.Select((_, index) => NameOf(options, index))], routes) : null;
        string password = RandomNumberGenerator.GetHexString(32);
        using var starting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<EmbeddedNatsServer>[] starts =
            [.. routes.Select((route, index) => EmbeddedNatsServer.StartAsync(Member(options, index, Membership(route, index)), starting.Token))];
        try
        {
            await foreach (Task<EmbeddedNatsServer> start in Task.WhenEach(starts))
            {
                await start;
            }

            var cluster = new EmbeddedNatsCluster([.. await Task.WhenAll(starts)], proxies);
            await cluster.WaitUntilReplicatedAsync(patience, cancellation);
            return cluster;
        }
        catch
        {
            // One that failed leaves the others without a majority: they would wait for nothing.
            await starting.CancelAsync();
            await StopAllAsync(starts);
            await DisposeAsync(proxies);
            throw;
        }

        ClusterMembership Membership(int route, int index) =>
            new(options.Name, route, proxies?.PortsFor(index) ?? routes, password) { Gossip = proxies is null };
    }

    private static ValueTask DisposeAsync(RouteProxies? routes) => routes?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static string NameOf(EmbeddedNatsServerOptions options, int index) => $"{options.Name}-{index + 1}";

    private static EmbeddedNatsServerOptions Member(EmbeddedNatsServerOptions options, int index, ClusterMembership membership)
    {
        string name = NameOf(options, index);
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
