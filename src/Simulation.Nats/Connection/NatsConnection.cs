using System.Collections.Concurrent;
using System.Security.Cryptography;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats.Protocol;

namespace Simulation.Nats.Connection;

/// <summary>
/// A connection that outlives its links: it holds the subscriptions, and when a link ends it says so to everybody, finds a server again
/// and subscribes anew. It buffers nothing in between. Below JetStream: it knows subjects and bytes.
/// </summary>
internal sealed class NatsConnection : ILinkOwner
{
    private readonly NatsOptions _options;
    private readonly Authentication _authentication;
    private readonly ServerPool _servers;
    private readonly RandomStream _random;
    private readonly IKernelLog _log;
    private readonly Action<ConnectionState, string, int> _tellState;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<long, Subscription> _subscriptions = [];
    private readonly List<Subscription> _withNews = [];
    private readonly List<Promise<bool>> _awaitingConnect = [];
    private volatile Link? _link;
    private volatile ServerIdentity _server;
    private volatile ConnectionState _state = ConnectionState.Connecting;
    private string _closeReason = "";
    private long _lastSubscriptionId;

    private NatsConnection(
        string name, NatsOptions options, ServerPool servers, RandomStream random, IKernelLog log, Action<ConnectionState, string, int> tellState)
    {
        Name = name;
        _options = options;
        _authentication = new Authentication(options);
        _servers = servers;
        _random = random;
        _log = log;
        _tellState = tellState;
        _server = new ServerIdentity("", "", "0.0.0", null, "", FrameParser.MaxMessageBytes);
        Inbox = $"{options.InboxPrefix}.{RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 22)}";
    }

    public string Name { get; }

    /// <summary>Prefix, unique to this connection, of every subject on which it wants answers.</summary>
    public string Inbox { get; }

    public ConnectionState State => _state;

    public ServerIdentity Server => _server;

    public bool IsClosed => _state == ConnectionState.Closed;

    /// <summary>Where frames can be written right now; null while there is no link.</summary>
    public SendBuffer? Send => _link?.Send;

    /// <summary>How often a new link has taken the place of a lost one.</summary>
    public int Reconnects { get; private set; }

    /// <summary>When the present link was made, on the clock of <see cref="DeadlineTimer"/>.</summary>
    public long ConnectedAt { get; private set; }

    /// <exception cref="JetStreamUnavailableException">No server of the list let us in; says what each answered.</exception>
    public static async Task<NatsConnection> OpenAsync(
        string name, NatsOptions options, RandomStream random, IKernelLog log, Action<ConnectionState, string, int> tellState)
    {
        NatsConnection connection;
        try
        {
            connection = new NatsConnection(name, options, new ServerPool(options.Url, random), random, log, tellState);
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new JetStreamUnavailableException($"Cannot connect to NATS: {error.Message}", error);
        }

        tellState(ConnectionState.Connecting, "", 0);
        (Link? link, string reasons) = await connection.TryEveryServerAsync().ConfigureAwait(false);
        if (link is null)
        {
            throw new JetStreamUnavailableException($"Cannot connect to NATS: {reasons}. Is a server running there, and is nats.url right?");
        }

        connection.Attach(link, attempt: 0);
        _ = Task.Run(() => connection.KeepConnectedAsync(link));
        return connection;
    }

    public long NextSubscriptionId() => Interlocked.Increment(ref _lastSubscriptionId);

    /// <summary>Subscribes now, or on the next link when there is none.</summary>
    public void Subscribe(Subscription subscription)
    {
        Subjects.RequireSubject(subscription.Subject);
        lock (_gate)
        {
            if (subscription.Id == 0)
            {
                subscription.Id = NextSubscriptionId();
            }

            _subscriptions[subscription.Id] = subscription;
            _link?.Send.TrySubscribe(subscription.Subject, subscription.Id);
        }
    }

    public void Unsubscribe(Subscription subscription)
    {
        lock (_gate)
        {
            if (_subscriptions.TryRemove(subscription.Id, out _))
            {
                _link?.Send.TryUnsubscribe(subscription.Id);
            }
        }
    }

    /// <summary>
    /// Unsubscribes, but goes on delivering what the server had sent before it heard of that. The callback comes once, when nothing more
    /// can arrive.
    /// </summary>
    public void Drain(Subscription subscription, Action drained)
    {
        Link? link = _link;
        link?.Send.TryUnsubscribe(subscription.Id);
        PingOn(link, _ =>
        {
            _subscriptions.TryRemove(subscription.Id, out Subscription? _);
            drained();
        });
    }

    /// <summary>Calls back once: true when the server has taken everything sent so far, false when the link ended before.</summary>
    public void Flush(Action<bool> flushed) => PingOn(_link, flushed);

    /// <returns>False when nothing was sent: no link, or too much unsent already.</returns>
    public bool TryPublish(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> headerBlock, ReadOnlySpan<byte> payload) =>
        _link?.Send.TryPublish(subject, replyTo, headerBlock, payload) ?? false;

    /// <summary>Completes when connected; with an exception when closed.</summary>
    public ActorTask<bool> AwaitConnected()
    {
        Promise<bool> promise = Promise<bool>.Rent();
        ActorTask<bool> task = promise.Task;
        lock (_gate)
        {
            if (_state is ConnectionState.Connecting or ConnectionState.Reconnecting)
            {
                _awaitingConnect.Add(promise);
                return task;
            }
        }

        Complete(promise);
        return task;
    }

    public void Close(string reason)
    {
        lock (_gate)
        {
            if (IsClosed)
            {
                return;
            }

            _closeReason = reason;
            _state = ConnectionState.Closed;
        }

        _closing.Cancel();
        if (_link is { } link)
        {
            link.End(reason);
        }
    }

    void ILinkOwner.OnMessage(in MessageFrame frame)
    {
        if (!_subscriptions.TryGetValue(frame.SubscriptionId, out Subscription? subscription))
        {
            return;
        }

        subscription.OnMessage(frame);
        if (!subscription.HasNews)
        {
            subscription.HasNews = true;
            _withNews.Add(subscription);
        }
    }

    void ILinkOwner.OnBatchEnd()
    {
        foreach (Subscription subscription in _withNews)
        {
            subscription.HasNews = false;
            subscription.OnBatchEnd();
        }

        _withNews.Clear();
    }

    void ILinkOwner.OnInfo(ServerInfo info)
    {
        if (_link is not { } link)
        {
            return;
        }

        _servers.Learn(link.Address, info.ConnectUrls);
        if (info.LameDuck)
        {
            Log(LogLevel.Warning, $"server {info.Name} will stop soon; the next server is taken when it does");
        }
    }

    void ILinkOwner.OnServerError(string text) => Log(LogLevel.Warning, $"the server says: {text}");

    private static void PingOn(Link? link, Action<bool> answered)
    {
        if (link is null)
        {
            answered(false);
        }
        else
        {
            link.Ping(answered);
        }
    }

    /// <summary>The life of the connection from its first link to its close.</summary>
    private async Task KeepConnectedAsync(Link first)
    {
        Link? link = first;
        while (link is not null)
        {
            string reason = await link.Ended.ConfigureAwait(false);
            Detach(reason);
            link = IsClosed ? null : await ReconnectAsync().ConfigureAwait(false);
        }

        ReleaseWaiting();
        _tellState(ConnectionState.Closed, _closeReason, 0);
    }

    private async Task<Link?> ReconnectAsync()
    {
        TimeSpan pause = _options.ReconnectMin;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await Task.Delay(pause * (0.5 + (_random.NextDouble() / 2)), _closing.Token).ConfigureAwait(false);
                (Link? link, string reasons) = await TryEveryServerAsync().ConfigureAwait(false);
                if (link is not null)
                {
                    return Attach(link, attempt) ? link : null;
                }

                Log(LogLevel.Debug, $"reconnect attempt {attempt}: {reasons}");
            }
            catch (OperationCanceledException)
            {
                return null;
            }

            pause = pause * 2 < _options.ReconnectMax ? pause * 2 : _options.ReconnectMax;
        }
    }

    private async Task<(Link? Link, string Reasons)> TryEveryServerAsync()
    {
        var reasons = new List<string>();
        for (int left = _servers.Count; left > 0; left--)
        {
            ServerAddress address = _servers.Next();
            try
            {
                return (await Link.OpenAsync(Name, address, _options, _authentication, _closing.Token).ConfigureAwait(false), "");
            }
            catch (Exception error) when (!_closing.IsCancellationRequested)
            {
                reasons.Add($"{address}: {error.Message.TrimEnd('.')}");
            }
        }

        return (null, string.Join("; ", reasons));
    }

    /// <returns>False when the connection was closed meanwhile.</returns>
    private bool Attach(Link link, int attempt)
    {
        ServerInfo info = link.Info;
        lock (_gate)
        {
            if (IsClosed)
            {
                link.End(_closeReason);
                return false;
            }

            _server = new ServerIdentity(info.Name, info.Id, info.Version, info.Cluster, link.Address.ToString(), info.MaxPayload);
            _servers.Learn(link.Address, info.ConnectUrls);
            foreach (Subscription subscription in _subscriptions.Values)
            {
                link.Send.TrySubscribe(subscription.Subject, subscription.Id);
            }

            ConnectedAt = DeadlineTimer.Now;
            Reconnects += attempt > 0 ? 1 : 0;
            _link = link;
            _state = ConnectionState.Connected;
        }

        _tellState(ConnectionState.Connected, "", attempt);
        link.Start(this, _options.PingInterval);
        ReleaseWaiting();
        if (attempt > 0)
        {
            Log(LogLevel.Info, $"connected again, to {_server.Name} at {_server.Url}");
            foreach (Subscription subscription in _subscriptions.Values)
            {
                subscription.OnReconnected();
            }
        }

        return true;
    }

    private void Detach(string reason)
    {
        lock (_gate)
        {
            _link = null;
            if (!IsClosed)
            {
                _state = ConnectionState.Reconnecting;
            }
        }

        foreach (Subscription subscription in _subscriptions.Values)
        {
            subscription.OnConnectionLost(reason);
        }

        if (!IsClosed)
        {
            Log(LogLevel.Warning, $"connection lost: {reason}");
            _tellState(ConnectionState.Reconnecting, reason, 1);
        }
    }

    private void ReleaseWaiting()
    {
        List<Promise<bool>> waiting;
        lock (_gate)
        {
            waiting = [.. _awaitingConnect];
            _awaitingConnect.Clear();
        }

        waiting.ForEach(Complete);
    }

    private void Complete(Promise<bool> waiting)
    {
        if (IsClosed)
        {
            waiting.TrySetException(new JetStreamUnavailableException($"Connection {Name} is closed: {_closeReason}"));
        }
        else
        {
            waiting.TrySetResult(true);
        }
    }

    private void Log(LogLevel level, string text) => _log.Write(level, $"nats/{Name}", text);
}
