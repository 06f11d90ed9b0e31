using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Simulation.Nats.Proxy;

namespace Simulation.Nats.Tests.Proxy;

/// <summary>Each condition bites, is counted, and is gone when it ends; bytes are never altered or reordered.</summary>
public sealed class FaultProxyTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private FaultProxy _proxy = null!;
    private FaultLinks _links = null!;

    public Task InitializeAsync()
    {
        _server.Start();
        _proxy = FaultProxy.Start("127.0.0.1", ((IPEndPoint)_server.LocalEndpoint).Port);
        _links = new FaultLinks("test");
        _links.Add(_proxy);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task NothingInTheWay_CarriesEverythingBothWays()
    {
        (Socket client, Socket server) = await ConnectAsync();
        byte[] much = Random.Shared.GetItems(Enumerable.Range(0, 256).Select(value => (byte)value).ToArray(), 3_000_000);

        Task sending = SendAsync(client, much);
        byte[] arrived = await ReceiveAsync(server, much.Length);
        await sending;
        await SendAsync(server, [1, 2, 3]);
        byte[] answer = await ReceiveAsync(client, 3);
        client.Shutdown(SocketShutdown.Send);
        int end = await server.ReceiveAsync(new byte[1]).WaitAsync(Patience);

        Assert.True(much.AsSpan().SequenceEqual(arrived));
        Assert.Equal([1, 2, 3], answer);
        Assert.Equal(0, end);
        await UntilAsync(() => _proxy.Counts.Delivered == much.Length + 3); // Counted once it is on its way, which whoever gets it may see before.
    }

    [Fact]
    public async Task Reset_BothSidesSeeAReset()
    {
        (Socket client, Socket server) = await ConnectAsync();

        int cut = _links.Reset();

        Assert.Equal(1, cut);
        Assert.Equal(SocketError.ConnectionReset, await FailureAsync(client));
        Assert.Equal(SocketError.ConnectionReset, await FailureAsync(server));
        await ConnectAsync();
    }

    [Fact]
    public async Task Refuse_OldAndNewConnectionsAreResetUntilItEnds()
    {
        (Socket client, _) = await ConnectAsync();

        LinkFault fault = _links.Begin(new LinkConditions { Refuse = true });
        SocketError old = await FailureAsync(client);
        SocketError later = await FailureOfDiallingAsync();
        LinkCounts since = fault.Since;
        fault.Dispose();
        (Socket again, Socket server) = await ConnectAsync();
        await SendAsync(again, [7]);

        Assert.Equal((SocketError.ConnectionReset, SocketError.ConnectionReset), (old, later));
        Assert.Equal((1, 1), (since.Reset, since.Refused));
        Assert.Equal([7], await ReceiveAsync(server, 1));
    }

    [Fact]
    public async Task Hold_BytesAndNewConnectionsWaitUntilItEnds()
    {
        (Socket client, Socket server) = await ConnectAsync();

        LinkFault fault = _links.Begin(new LinkConditions { Hold = true });
        await SendAsync(client, [1, 2, 3]);
        Socket late = await DialAsync();
        await SendAsync(late, [4]);
        await UntilAsync(() => fault.Since is { Held: 3, Stalled: 1 });
        Assert.Equal(0, server.Available);
        Assert.False(_server.Pending());
        fault.Dispose();

        Assert.Equal([1, 2, 3], await ReceiveAsync(server, 3));
        Socket lateServer = await _server.AcceptSocketAsync();
        Assert.Equal([4], await ReceiveAsync(lateServer, 1));
        Assert.Equal(0, _proxy.Counts.Reset);
    }

    [Fact]
    public async Task Swallow_BytesVanishAndTheConnectionIsResetWhenItEnds()
    {
        (Socket client, Socket server) = await ConnectAsync();
        (Socket silent, Socket silentServer) = await ConnectAsync();

        LinkFault fault = _links.Begin(new LinkConditions { Swallow = true });
        await SendAsync(client, [1, 2, 3]);
        await UntilAsync(() => fault.Since.Swallowed == 3);
        Assert.Equal(0, server.Available);
        fault.Dispose();

        Assert.Equal(SocketError.ConnectionReset, await FailureAsync(client));
        await SendAsync(silent, [9]);
        Assert.Equal([9], await ReceiveAsync(silentServer, 1));
    }

    [Fact]
    public async Task Latency_BytesAreLateInOrderAndSoonNoMore()
    {
        (Socket client, Socket server) = await ConnectAsync();
        var latency = TimeSpan.FromMilliseconds(100);

        var clock = Stopwatch.StartNew();
        LinkFault fault = _links.Begin(new LinkConditions { Latency = latency, Jitter = latency });
        await SendAsync(client, [1]);
        await UntilAsync(() => fault.Since.Delayed == 1);
        await SendAsync(client, [2]);
        await UntilAsync(() => fault.Since.Delayed == 2);
        fault.Dispose();
        await SendAsync(client, [3]);
        byte[] arrived = await ReceiveAsync(server, 3);

        Assert.True(clock.Elapsed >= latency);
        Assert.Equal([1, 2, 3], arrived);
    }

    [Fact]
    public async Task Bandwidth_BytesTakeAtLeastAsLongAsItSays()
    {
        (Socket client, Socket server) = await ConnectAsync();

        using LinkFault fault = _links.Begin(new LinkConditions { BytesPerSecond = 100_000 });
        var clock = Stopwatch.StartNew();
        Task sending = SendAsync(client, new byte[20_000]);
        await ReceiveAsync(server, 20_000);
        await sending;

        // The first piece is free.
        Assert.True(clock.Elapsed > TimeSpan.FromMilliseconds(150), $"{clock.Elapsed}");
    }

    [Fact]
    public async Task TwoFaultsAtOnce_EachEndsAlone()
    {
        (Socket client, Socket server) = await ConnectAsync();
        var hold = new LinkConditions { Hold = true };
        LinkFault first = _links.Begin(hold);
        LinkFault second = _links.Begin(hold);
        await SendAsync(client, [1]);
        await UntilAsync(() => first.Since.Held == 1);

        first.Dispose();
        first.Dispose();
        Assert.True(_proxy.Conditions.Hold);
        second.Dispose();

        Assert.Equal([1], await ReceiveAsync(server, 1));
    }

    [Fact]
    public async Task ServerIsGone_ClientIsReset()
    {
        _server.Stop();

        Assert.Equal(SocketError.ConnectionReset, await FailureOfDiallingAsync());
    }

    private async Task<Socket> DialAsync()
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, _proxy.Port);
        return client;
    }

    private async Task<(Socket Client, Socket Server)> ConnectAsync()
    {
        Socket client = await DialAsync();
        return (client, await _server.AcceptSocketAsync().WaitAsync(Patience));
    }

    private static Task SendAsync(Socket socket, byte[] bytes) => new NetworkStream(socket).WriteAsync(bytes).AsTask();

    private static async Task<byte[]> ReceiveAsync(Socket socket, int count)
    {
        byte[] bytes = new byte[count];
        using var patience = new CancellationTokenSource(Patience);
        await new NetworkStream(socket).ReadExactlyAsync(bytes, patience.Token);
        return bytes;
    }

    /// <summary>The error that a socket's owner meets; Success for an orderly end.</summary>
    private static async Task<SocketError> FailureAsync(Socket socket)
    {
        try
        {
            await socket.ReceiveAsync(new byte[1]).WaitAsync(Patience);
            return SocketError.Success;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode;
        }
    }

    /// <summary>The reset may come before or after the connect returns.</summary>
    private async Task<SocketError> FailureOfDiallingAsync()
    {
        try
        {
            return await FailureAsync(await DialAsync());
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode;
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(1, patience.Token);
        }
    }
}
