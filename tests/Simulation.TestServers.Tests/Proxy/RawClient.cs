using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Simulation.TestServers.Proxy;

namespace Simulation.TestServers.Tests.Proxy;

/// <summary>A socket that speaks just enough NATS to see what a proxy does, and hides nothing of it.</summary>
internal sealed class RawClient : IDisposable
{
    // Only so that a broken test ends; nothing waits for it otherwise.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static int _clients;

    private readonly string _inbox = $"inbox{Interlocked.Increment(ref _clients)}";
    private readonly Socket _socket;
    private readonly PipeReader _reader;
    private int _requests;

    private RawClient(Socket socket)
    {
        _socket = socket;
        _reader = PipeReader.Create(new NetworkStream(socket));
    }

    /// <summary>The server's first word.</summary>
    public JsonObject Info { get; private set; } = [];

    /// <summary>What came of a frame that has not arrived whole.</summary>
    public string Remainder { get; private set; } = "";

    public static async Task<RawClient> ConnectAsync(int port, string name = "raw")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var client = new RawClient(socket);
        client.Info = JsonNode.Parse((await client.ReadAsync()).Line["INFO ".Length..])!.AsObject();
        await client.SendAsync($$"""CONNECT {"verbose":false,"headers":true,"no_responders":true,"protocol":1,"name":"{{name}}"}""" + "\r\n");
        await client.SendAsync($"SUB {client._inbox}.* 1\r\n");
        await client.PingAsync();
        return client;
    }

    public async Task SendAsync(string text)
    {
        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(text);
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes)..];
        }
    }

    /// <summary>Waits until everything sent so far has been taken by the server and answered.</summary>
    public async Task PingAsync()
    {
        await SendAsync("PING\r\n");
        Assert.Equal(FrameKind.Pong, (await ReadAsync()).Kind);
    }

    public Task PublishAsync(string subject, string payload) => SendAsync($"PUB {subject} {_inbox}.{++_requests} {payload.Length}\r\n{payload}\r\n");

    /// <summary>Publishes and returns what the server, or the proxy, answers.</summary>
    public async Task<JsonObject> RequestAsync(string subject, string payload)
    {
        await PublishAsync(subject, payload);
        var answer = await ReadAsync();
        Assert.Equal($"{_inbox}.{_requests}", answer.Subject);
        return JsonNode.Parse(answer.Payload.Span)!.AsObject();
    }

    /// <summary>The next frame.</summary>
    public async Task<NatsFrame> ReadAsync() => await TryReadAsync() ?? throw new EndOfStreamException("The connection was closed.");

    /// <summary>The next frame, or null when the connection has ended.</summary>
    public async Task<NatsFrame?> TryReadAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            ReadResult read;
            try
            {
                read = await _reader.ReadAsync(patience.Token);
            }
            catch (IOException)
            {
                return null;
            }

            var buffer = read.Buffer;
            if (NatsFrameReader.TryRead(FrameDirection.ToClient, ref buffer, out var frame))
            {
                _reader.AdvanceTo(buffer.Start);
                return frame;
            }

            Remainder = Encoding.UTF8.GetString(buffer);
            _reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    public void Dispose() => _socket.Dispose();
}
