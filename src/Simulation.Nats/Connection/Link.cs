using System.Net;
using System.Net.Sockets;
using Simulation.Nats.Protocol;

namespace Simulation.Nats.Connection;

/// <summary>
/// One TCP connection to one server, from its greeting to its end. It never comes back: a reconnect is a new link. What ended it is the
/// result of <see cref="Ended"/>.
/// </summary>
internal sealed class Link : IFrameHandler, IDisposable
{
    private readonly Socket _socket;
    private readonly ReceiveBuffer _received = new();
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _pongGate = new();
    private readonly Queue<Action<bool>> _awaitingPong = new();
    private Stream _stream;
    private ILinkOwner? _owner;
    private ServerInfo? _info;
    private string? _serverError;
    private bool _greeted;
    private int _pingsUnanswered;
    private int _ending;
    private Timer? _pinger;

    private Link(Socket socket, ServerAddress address, int maxUnsentBytes)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
        Address = address;
        Send = new SendBuffer(maxUnsentBytes);
    }

    public ServerAddress Address { get; }

    public SendBuffer Send { get; }

    public ServerInfo Info => _info ?? throw new InvalidOperationException("The server has not greeted yet.");

    /// <summary>Completes with the reason, in words, when the link is over. Never fails.</summary>
    public Task<string> Ended => _ended.Task;

    /// <summary>Connects, upgrades to TLS where asked, authenticates, and waits for the server's first PONG. Throws what went wrong.</summary>
    public static async Task<Link> OpenAsync(
        string connectionName, ServerAddress address, NatsOptions options, Authentication authentication, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(options.ConnectTimeout);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Link? link = null;
        try
        {
            var server = new DnsEndPoint(address.Host, address.Port);
            await socket.ConnectAsync(options.Detour?.Invoke(connectionName, server) ?? server, patience.Token).ConfigureAwait(false);
            link = new Link(socket, address, options.MaxUnsentBytes);
            await link.GreetAsync(connectionName, options, authentication, patience.Token).ConfigureAwait(false);
            return link;
        }
        catch (Exception error)
        {
            link?.Dispose();
            socket.Dispose();
            if (error is OperationCanceledException && !cancel.IsCancellationRequested)
            {
                throw new TimeoutException($"no answer within {options.ConnectTimeout.TotalSeconds:0.###} s", error);
            }

            throw;
        }
    }

    /// <summary>Begins to deliver to the owner and to ping.</summary>
    public void Start(ILinkOwner owner, TimeSpan pingInterval)
    {
        _owner = owner;
        _ = Task.Run(ReadAsync);
        _ = Task.Run(WriteAsync);
        _pinger = new Timer(_ => KeepAlive(pingInterval), null, pingInterval, pingInterval);
    }

    /// <summary>Calls back once: true when the server has answered a PING behind everything sent so far, false when the link ended before.</summary>
    public void Ping(Action<bool> answered)
    {
        lock (_pongGate)
        {
            if (Send.TryCommand("PING\r\n"u8))
            {
                _awaitingPong.Enqueue(answered);
                return;
            }
        }

        answered(false);
    }

    public void End(string reason)
    {
        if (Interlocked.Exchange(ref _ending, 1) == 1)
        {
            return;
        }

        // The send buffer closes before anybody hears of the end: what is written later must not seem to be under way.
        Dispose();
        _ended.TrySetResult(reason);
        ReleasePings();
    }

    public void Dispose()
    {
        _pinger?.Dispose();
        Send.Close();
        _stream.Dispose();
        _socket.Dispose();
    }

    void IFrameHandler.OnInfo(ReadOnlySpan<byte> json)
    {
        _info = ServerInfo.Parse(json);
        _owner?.OnInfo(_info);
    }

    void IFrameHandler.OnMessage(in MessageFrame frame) => _owner?.OnMessage(frame);

    void IFrameHandler.OnPing() => Send.TryCommand("PONG\r\n"u8);

    void IFrameHandler.OnPong()
    {
        _greeted = true;
        Volatile.Write(ref _pingsUnanswered, 0);
        Action<bool>? answered;
        lock (_pongGate)
        {
            _awaitingPong.TryDequeue(out answered);
        }

        answered?.Invoke(true);
    }

    void IFrameHandler.OnError(string text)
    {
        _serverError = text;
        _owner?.OnServerError(text);
    }

    private async Task GreetAsync(string connectionName, NatsOptions options, Authentication authentication, CancellationToken cancel)
    {
        while (_info is null)
        {
            await ReceiveAsync(cancel).ConfigureAwait(false);
        }

        bool tls = Address.Tls || options.Tls is not null || _info.TlsRequired;
        if (tls)
        {
            if (!_info.TlsRequired && !_info.TlsAvailable)
            {
                throw new IOException("TLS was asked for, and the server does not offer it");
            }

            if (!_received.Unconsumed.IsEmpty)
            {
                throw new ProtocolException("The server sent more than its INFO before TLS: somebody may be in between.");
            }

            _stream = await TlsUpgrade.WrapAsync(_stream, Address.Host, options.Tls ?? new TlsOptions(), cancel).ConfigureAwait(false);
        }

        await _stream.WriteAsync(authentication.WriteConnect(connectionName, Address, _info, tls), cancel).ConfigureAwait(false);
        await _stream.WriteAsync("PING\r\n"u8.ToArray(), cancel).ConfigureAwait(false);
        while (!_greeted)
        {
            await ReceiveAsync(cancel).ConfigureAwait(false);
            if (_serverError is not null)
            {
                throw new IOException($"the server refused: {_serverError}");
            }
        }

        if (!_info.HeadersSupported)
        {
            throw new IOException("the server does not support headers");
        }
    }

    private async ValueTask ReceiveAsync(CancellationToken cancel)
    {
        int count = await _stream.ReadAsync(_received.Free, cancel).ConfigureAwait(false);
        if (count == 0)
        {
            throw new IOException(_serverError is null ? "the server closed the connection" : $"the server closed the connection: {_serverError}");
        }

        _received.Received(count);
        int consumed = FrameParser.Parse(_received.Unconsumed, this, out int needed);
        _received.Consume(consumed, needed);
    }

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                await ReceiveAsync(CancellationToken.None).ConfigureAwait(false);
                _owner!.OnBatchEnd();
            }
        }
        catch (Exception error)
        {
            End(error.Message);
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                ReadOnlyMemory<byte> bytes = await Send.TakeAsync().ConfigureAwait(false);
                if (bytes.IsEmpty)
                {
                    return;
                }

                await _stream.WriteAsync(bytes).ConfigureAwait(false);
            }
        }
        catch (Exception error)
        {
            End(error.Message);
        }
    }

    private void KeepAlive(TimeSpan pingInterval)
    {
        if (Interlocked.Increment(ref _pingsUnanswered) > 1)
        {
            End($"the server did not answer a PING within {pingInterval.TotalSeconds:0.###} s");
            return;
        }

        Ping(_ => { });
    }

    private void ReleasePings()
    {
        while (true)
        {
            Action<bool>? answered;
            lock (_pongGate)
            {
                if (!_awaitingPong.TryDequeue(out answered))
                {
                    return;
                }
            }

            answered(false);
        }
    }
}
