using System.Net.Sockets;

namespace Simulation.Nats.Proxy;

/// <summary>Carries bytes in one direction. With nothing in the way they go straight from the read to the write; else by a <see cref="DelayLine"/>.</summary>
internal sealed class Pump(FaultProxy proxy, ProxiedConnection connection, Socket from, Socket to)
{
    private const int BufferSize = 64 << 10;

    private DelayLine? _line;

    /// <summary>Ends when the sender has no more to say; throws when either socket fails.</summary>
    public async Task RunAsync()
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        while (await from.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).ConfigureAwait(false) is var count and > 0)
        {
            ReadOnlyMemory<byte> bytes = buffer.AsMemory(0, count);
            if (_line is null && proxy.Conditions.IsClear)
            {
                await SendAsync(bytes).ConfigureAwait(false);
            }
            else
            {
                await PassAsync(bytes).ConfigureAwait(false);
            }
        }

        await LeaveLineAsync().ConfigureAwait(false);
        to.Shutdown(SocketShutdown.Send);
    }

    private async Task PassAsync(ReadOnlyMemory<byte> bytes)
    {
        if (proxy.Conditions.Hold)
        {
            Interlocked.Add(ref proxy.Tally.Held, bytes.Length);
            await proxy.WhileHeldAsync().ConfigureAwait(false);
        }

        LinkConditions conditions = proxy.Conditions;
        if (conditions.Swallow)
        {
            connection.MissesBytes = true;
            Interlocked.Add(ref proxy.Tally.Swallowed, bytes.Length);
            return;
        }

        if (conditions.Latency + conditions.Jitter > TimeSpan.Zero || conditions.BytesPerSecond is not null)
        {
            Interlocked.Add(ref proxy.Tally.Delayed, bytes.Length);
            _line ??= new DelayLine(() => proxy.Conditions, SendAsync);
            await _line.AddAsync(bytes, conditions).ConfigureAwait(false);
            return;
        }

        // What is still on the line goes first.
        await LeaveLineAsync().ConfigureAwait(false);
        await SendAsync(bytes).ConfigureAwait(false);
    }

    private async Task LeaveLineAsync()
    {
        if (_line is { } line)
        {
            _line = null;
            await line.DrainAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        int length = bytes.Length;
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await to.SendAsync(bytes, CancellationToken.None).ConfigureAwait(false)..];
        }

        Interlocked.Add(ref proxy.Tally.Delivered, length);
    }
}
