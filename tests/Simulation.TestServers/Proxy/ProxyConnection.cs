using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Simulation.TestServers.Proxy;

/// <summary>One client's way through the proxy: two sockets and a pump for each direction.</summary>
public sealed class ProxyConnection
{
    private readonly NatsProxy _proxy;
    private readonly Socket _client;
    private readonly Socket _server;
    private readonly FrameWriter _toClient;
    private readonly FrameWriter _toServer;
    private readonly Subscriptions _subscriptions = new();
    private readonly CancellationTokenSource _closing = new();
    private volatile bool _halfOpen;

    internal ProxyConnection(NatsProxy proxy, Socket client, Socket server)
    {
        _proxy = proxy;
        _client = client;
        _server = server;
        _toClient = new FrameWriter(client);
        _toServer = new FrameWriter(server);
    }

    /// <summary>The name that the client gave itself; empty until then, and for none.</summary>
    public string ClientName { get; private set; } = "";

    /// <summary>Cancelled when the connection is cut or has ended.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Closes both sockets at once.</summary>
    public void Cut()
    {
        _closing.Cancel();
        Close(_client);
        Close(_server);
    }

    /// <summary>From now on nothing comes through, in either direction, and neither side is told: the client's socket stays open.</summary>
    public void HalfOpen()
    {
        _halfOpen = true;
        _toClient.Discard();
        _toServer.Discard();
    }

    /// <summary>Sends the client a frame that the server did not send.</summary>
    public async ValueTask SendToClientAsync(NatsFrame frame)
    {
        _toClient.Append(frame);
        await _toClient.FlushAsync();
    }

    /// <summary>Answers a request in the server's place.</summary>
    public ValueTask AnswerAsync(NatsFrame request, string payload)
    {
        var inbox = request.ReplyTo ?? throw new ArgumentException("The frame wants no answer.", nameof(request));
        var sid = _subscriptions.SidFor(inbox) ?? throw new InvalidOperationException($"The client does not listen on {inbox}.");
        return SendToClientAsync(NatsFrame.Message(inbox, sid, payload));
    }

    internal FrameWriter WriterTo(FrameDirection direction) => direction == FrameDirection.ToClient ? _toClient : _toServer;

    /// <summary>Runs until both directions have ended; throws what a rule threw.</summary>
    internal async Task RunAsync()
    {
        var fromClient = PumpAsync(_client, FrameDirection.ToServer);
        var fromServer = PumpAsync(_server, FrameDirection.ToClient);
        var ended = await Task.WhenAny(fromClient, fromServer);
        if (ended == fromServer && _halfOpen)
        {
            await Task.WhenAny(fromClient);
        }

        Cut();
        await Task.WhenAll(fromClient, fromServer);
    }

    private async Task PumpAsync(Socket source, FrameDirection direction)
    {
        try
        {
            await using var stream = new NetworkStream(source);
            var reader = PipeReader.Create(stream);
            ReadResult read;
            do
            {
                read = await reader.ReadAsync(Closing);
                var buffer = read.Buffer;
                while (!Closing.IsCancellationRequested && NatsFrameReader.TryRead(direction, ref buffer, out var frame))
                {
                    await PassAsync(frame);
                }

                await WriterTo(direction).FlushAsync();
                reader.AdvanceTo(buffer.Start, buffer.End);
            }
            while (!read.IsCompleted);
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The connection has ended, on purpose or not: that is what proxies are for.
        }
    }

    private async ValueTask PassAsync(NatsFrame frame)
    {
        _subscriptions.Observe(frame);
        if (frame.Kind == FrameKind.Connect)
        {
            ClientName = Json(frame)["name"]?.GetValue<string>() ?? "";
        }
        else if (frame.Kind == FrameKind.Info)
        {
            frame = HideServer(frame);
        }

        var passing = new FrameContext(this, frame.Direction, _proxy.Rules).ForwardAsync(frame);
        if (!passing.IsCompleted)
        {
            // A rule makes this frame wait, but not those before it.
            await WriterTo(frame.Direction).FlushAsync();
        }

        await passing;
    }

    /// <summary>Lets the client know no other address than the proxy's, or it would reconnect past it.</summary>
    private NatsFrame HideServer(NatsFrame info)
    {
        var facts = Json(info);
        facts["host"] = _proxy.Host;
        facts["port"] = _proxy.Port;
        facts.Remove("connect_urls");
        facts.Remove("ws_connect_urls");
        return info with { Line = "INFO " + facts.ToJsonString() };
    }

    /// <summary>What follows the operation in the line of an INFO or CONNECT.</summary>
    private static JsonObject Json(NatsFrame frame) => JsonNode.Parse(frame.Line[frame.Line.IndexOf('{')..])!.AsObject();

    private static void Close(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It has gone already.
        }

        socket.Dispose();
    }
}
