using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Simulation.TestServers.Proxy;

/// <summary>
/// Stands between clients and one real nats-server on loopback, understands the frames that pass, and lets a test install rules that drop,
/// alter, repeat, delay or reorder them. Plain TCP only, no TLS.
/// </summary>
/// <example><code>
/// await using var proxy = NatsProxy.Start(server);
/// var swallow = proxy.Add(new SwallowAcknowledgement(frame => frame.Subject == "orders.3"));
/// // … point the client at proxy.Url and publish …
/// await swallow.FirstHit;
/// </code></example>
public sealed class NatsProxy : IAsyncDisposable
{
    private readonly IPEndPoint _server;
    private readonly Lock _listening = new();
    private readonly ConcurrentDictionary<ProxyConnection, Task> _connections = new();
    private readonly ConcurrentQueue<Exception> _failures = new();
    private ImmutableArray<FrameRule> _rules = [];
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private int _accepted;

    private NatsProxy(IPEndPoint server) => _server = server;

    public string Host { get; } = "127.0.0.1";

    public int Port { get; private set; }

    /// <summary>What a client connects to.</summary>
    public string Url => $"nats://{Host}:{Port}";

    /// <summary>Connections that are open now.</summary>
    public IReadOnlyCollection<ProxyConnection> Connections => [.. _connections.Keys];

    /// <summary>Connections that were ever made, for a test that waits for a reconnect.</summary>
    public int AcceptedCount => Volatile.Read(ref _accepted);

    internal ImmutableArray<FrameRule> Rules => _rules;

    /// <summary>Listens on a free loopback port.</summary>
    public static NatsProxy Start(IPEndPoint server)
    {
        var proxy = new NatsProxy(server);
        proxy.AcceptConnections();
        return proxy;
    }

    /// <summary>Listens on a free loopback port.</summary>
    /// <param name="serverUrl">For example <c>nats://127.0.0.1:4222</c>.</param>
    public static NatsProxy Start(Uri serverUrl) => Start(new IPEndPoint(IPAddress.Parse(serverUrl.Host), serverUrl.Port));

    /// <summary>Adds a rule behind those that are there; it sees what they forward, from the next frame on.</summary>
    public T Add<T>(T rule) where T : FrameRule
    {
        ImmutableInterlocked.Update(ref _rules, rules => rules.Add(rule));
        return rule;
    }

    public void Remove(FrameRule rule) => ImmutableInterlocked.Update(ref _rules, rules => rules.Remove(rule));

    /// <summary>Closes all connections; clients may come again.</summary>
    public void CutAll() => ForEachConnection(connection => connection.Cut());

    /// <summary>Lets nothing through on the connections that there are, and tells nobody. New connections work.</summary>
    public void HalfOpenAll() => ForEachConnection(connection => connection.HalfOpen());

    /// <summary>Stops listening: who connects now is refused. Connections that there are go on.</summary>
    public void RefuseConnections()
    {
        lock (_listening)
        {
            _listener?.Dispose();
            _listener = null;
        }
    }

    /// <summary>Listens again, on the same port.</summary>
    public void AcceptConnections()
    {
        lock (_listening)
        {
            if (_listener is not null)
            {
                return;
            }

            _listener = new TcpListener(IPAddress.Loopback, Port);
            _listener.Start();
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            _accepting = AcceptAsync(_listener, _accepting);
        }
    }

    /// <summary>Closes everything.</summary>
    /// <exception cref="AggregateException">A rule threw, or a peer did not speak the protocol: the test did not test what it meant to.</exception>
    public async ValueTask DisposeAsync()
    {
        RefuseConnections();
        await _accepting;
        CutAll();
        await Task.WhenAll(_connections.Values);
        if (!_failures.IsEmpty)
        {
            throw new AggregateException("The proxy failed.", _failures);
        }
    }

    private void ForEachConnection(Action<ProxyConnection> action)
    {
        foreach (var connection in _connections.Keys)
        {
            action(connection);
        }
    }

    private async Task AcceptAsync(TcpListener listener, Task before)
    {
        await before;
        try
        {
            while (true)
            {
                await ConnectAsync(await listener.AcceptSocketAsync());
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Stopped listening.
        }
    }

    private async Task ConnectAsync(Socket client)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            client.NoDelay = true;
            await server.ConnectAsync(_server);
        }
        catch (SocketException)
        {
            // A server that is not there looks to the client like one that hangs up.
            client.Dispose();
            server.Dispose();
            return;
        }

        var connection = new ProxyConnection(this, client, server);
        var start = new TaskCompletionSource();
        _connections[connection] = RunAsync(connection, start.Task);
        Interlocked.Increment(ref _accepted);
        start.SetResult();
    }

    private async Task RunAsync(ProxyConnection connection, Task start)
    {
        await start;
        try
        {
            await connection.RunAsync();
        }
        catch (Exception error)
        {
            _failures.Enqueue(error);
        }

        _connections.TryRemove(connection, out _);
    }
}
