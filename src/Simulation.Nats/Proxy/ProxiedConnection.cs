using System.Net;
using System.Net.Sockets;

namespace Simulation.Nats.Proxy;

/// <summary>One client's connection and the one to the server that belongs to it.</summary>
internal sealed class ProxiedConnection(FaultProxy proxy, Socket client)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private int _cut;

    public Task Ended => _ended.Task;

    /// <summary>Bytes of it vanished: what comes after them makes no sense to the reader.</summary>
    public bool MissesBytes { get; set; }

    /// <summary>Carries bytes both ways until either side is done. Never fails.</summary>
    public async Task RunAsync(DnsEndPoint server, CancellationToken cancellation)
    {
        try
        {
            client.NoDelay = true;
            if (proxy.Conditions.Hold)
            {
                Interlocked.Increment(ref proxy.Tally.Stalled);
                await proxy.WhileHeldAsync().ConfigureAwait(false);
            }

            await _server.ConnectAsync(server, cancellation).ConfigureAwait(false);
            Task there = new Pump(proxy, this, client, _server).RunAsync();
            Task back = new Pump(proxy, this, _server, client).RunAsync();
            await (await Task.WhenAny(there, back).ConfigureAwait(false)).ConfigureAwait(false);
            await Task.WhenAll(there, back).ConfigureAwait(false);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side is gone without a word, or was never there: the other one hears it the same way.
            Cut();
        }

        client.Dispose();
        _server.Dispose();
        _ended.TrySetResult();
    }

    /// <returns>False when it was cut before.</returns>
    public bool Cut()
    {
        if (Interlocked.Exchange(ref _cut, 1) == 1)
        {
            return false;
        }

        Cut(client);
        Cut(_server);
        return true;
    }

    /// <summary>Without lingering, closing is a TCP reset.</summary>
    public static void Cut(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }

        socket.Dispose();
    }
}
