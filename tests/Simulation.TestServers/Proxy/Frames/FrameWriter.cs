using System.Buffers;
using System.Net.Sockets;

namespace Simulation.TestServers.Proxy;

/// <summary>The sending side of one socket. Frames that are appended together leave together; several may append and flush at a time.</summary>
internal sealed class FrameWriter(Socket socket)
{
    private readonly Lock _appending = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private ArrayBufferWriter<byte> _pending = new();
    private volatile bool _discards;

    /// <summary>From now on everything vanishes, while the socket stays open.</summary>
    public void Discard() => _discards = true;

    public void Append(NatsFrame frame)
    {
        lock (_appending)
        {
            frame.WriteTo(_pending);
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_appending)
        {
            _pending.Write(bytes);
        }
    }

    public async ValueTask FlushAsync()
    {
        await _sending.WaitAsync();
        try
        {
            var batch = TakePending();
            if (!_discards)
            {
                await SendAsync(batch.WrittenMemory);
            }
        }
        finally
        {
            _sending.Release();
        }
    }

    private ArrayBufferWriter<byte> TakePending()
    {
        lock (_appending)
        {
            var batch = _pending;
            _pending = new ArrayBufferWriter<byte>();
            return batch;
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }
}
