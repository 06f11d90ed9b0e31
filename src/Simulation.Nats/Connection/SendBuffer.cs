using Simulation.Nats.Protocol;

namespace Simulation.Nats.Connection;

/// <summary>
/// Two arrays that swap: callers append to one while the socket empties the other. So what many callers say while a send is under way
/// goes out as one send, and nobody waits for the socket.
/// </summary>
internal sealed class SendBuffer(int maxUnsentBytes)
{
    private const int InitialSize = 16 << 10;
    private const int KeepAtMost = 1 << 20;

    private readonly Lock _gate = new();
    private readonly AsyncSignal _somethingToSend = new();
    private byte[] _filling = new byte[InitialSize];
    private byte[] _emptying = new byte[InitialSize];
    private int _length;
    private bool _senderWaits;
    private bool _closed;

    /// <returns>False when the link is gone or too much waits already; then nothing was written.</returns>
    public bool TryPublish(
        ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> headerBlock, ReadOnlySpan<byte> payload)
    {
        int bound = FrameWriter.PublishBound(subject.Length, replyTo.Length, headerBlock.Length, payload.Length);
        bool wake;
        lock (_gate)
        {
            if (!TryReserve(bound, out Span<byte> target))
            {
                return false;
            }

            wake = Commit(FrameWriter.Publish(target, subject, replyTo, headerBlock, payload));
        }

        Wake(wake);
        return true;
    }

    public bool TrySubscribe(ReadOnlySpan<byte> subject, long id)
    {
        bool wake;
        lock (_gate)
        {
            if (!TryReserve(FrameWriter.SubscribeBound(subject.Length), out Span<byte> target))
            {
                return false;
            }

            wake = Commit(FrameWriter.Subscribe(target, subject, id));
        }

        Wake(wake);
        return true;
    }

    public bool TryUnsubscribe(long id)
    {
        bool wake;
        lock (_gate)
        {
            if (!TryReserve(FrameWriter.UnsubscribeBound, out Span<byte> target))
            {
                return false;
            }

            wake = Commit(FrameWriter.Unsubscribe(target, id));
        }

        Wake(wake);
        return true;
    }

    /// <summary>A whole command with its line end.</summary>
    public bool TryCommand(ReadOnlySpan<byte> command)
    {
        bool wake;
        lock (_gate)
        {
            if (!TryReserve(command.Length, out Span<byte> target))
            {
                return false;
            }

            command.CopyTo(target);
            wake = Commit(command.Length);
        }

        Wake(wake);
        return true;
    }

    /// <summary>Waits for bytes and gives all that have gathered; they stay untouched until the next call. Empty once closed.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> TakeAsync()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_closed)
                {
                    return default;
                }

                if (_length > 0)
                {
                    return Swap();
                }

                _senderWaits = true;
            }

            await _somethingToSend.WaitAsync().ConfigureAwait(false);
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        _somethingToSend.Set();
    }

    private ReadOnlyMemory<byte> Swap()
    {
        byte[] full = _filling;
        int length = _length;
        _filling = _emptying.Length > KeepAtMost ? new byte[InitialSize] : _emptying;
        _emptying = full;
        _length = 0;
        return full.AsMemory(0, length);
    }

    private bool TryReserve(int bytes, out Span<byte> target)
    {
        target = default;
        if (_closed || (_length > 0 && (long)_length + bytes > maxUnsentBytes))
        {
            return false;
        }

        if (_filling.Length - _length < bytes)
        {
            Array.Resize(ref _filling, (int)Math.Max(Math.Min(_filling.Length * 2L, Array.MaxLength), _length + (long)bytes));
        }

        target = _filling.AsSpan(_length);
        return true;
    }

    /// <returns>Whether the sender sleeps and must be woken, which is done outside the lock.</returns>
    private bool Commit(int written)
    {
        _length += written;
        bool wake = _senderWaits;
        _senderWaits = false;
        return wake;
    }

    private void Wake(bool wake)
    {
        if (wake)
        {
            _somethingToSend.Set();
        }
    }
}
