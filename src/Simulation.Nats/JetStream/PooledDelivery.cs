using System.Buffers.Text;
using System.Diagnostics;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats.Protocol;

namespace Simulation.Nats.JetStream;

/// <summary>One delivery, copied once out of the receive buffer: reply subject, headers and payload one after another in one array.</summary>
internal sealed class PooledDelivery(DeliveryPool pool) : Delivery
{
    private const int KeepAtMost = 64 << 10;

    private byte[] _bytes = new byte[512];
    private int _replyLength;
    private int _headersLength;
    private int _payloadLength;
    private string _subject = "";
    private AckSubject _ack;
    private int _inUse;

    public override string Subject => Alive(_subject);

    public override ReadOnlySpan<byte> Payload => Alive(_bytes).AsSpan(_replyLength + _headersLength, _payloadLength);

    public override ReadOnlySpan<byte> Headers => Alive(_bytes).AsSpan(_replyLength, _headersLength);

    public override ulong StreamSequence => Alive(_ack).StreamSequence;

    public override ulong ConsumerSequence => Alive(_ack).ConsumerSequence;

    public override int DeliveryCount => Alive(_ack).DeliveryCount;

    public override DateTimeOffset StoredAt => Alive(_ack).StoredAt;

    public override long Pending => Alive(_ack).Pending;

    private ReadOnlySpan<byte> ReplyTo => Alive(_bytes).AsSpan(0, _replyLength);

    public void Fill(in MessageFrame frame, in AckSubject ack, string subject)
    {
        int wasInUse = Interlocked.Exchange(ref _inUse, 1);
        Debug.Assert(wasInUse == 0, "Only a delivery from the pool is filled.");
        ReadOnlySpan<byte> headers = frame.Headers;
        int length = frame.ReplyTo.Length + headers.Length + frame.Payload.Length;
        if (_bytes.Length < length)
        {
            _bytes = new byte[Math.Max(length, Math.Min(_bytes.Length * 2, KeepAtMost))];
        }

        Span<byte> rest = _bytes;
        FrameWriter.Append(ref rest, frame.ReplyTo);
        FrameWriter.Append(ref rest, headers);
        FrameWriter.Append(ref rest, frame.Payload);
        (_replyLength, _headersLength, _payloadLength) = (frame.ReplyTo.Length, headers.Length, frame.Payload.Length);
        _subject = subject;
        _ack = ack;
    }

    public override void Ack() => Answer("+ACK"u8);

    public override ActorTask<AckOutcome> AckConfirmedAsync() => pool.ConfirmAsync(ReplyTo);

    public override void Nak(TimeSpan? delay = null)
    {
        if (delay is not { } pause)
        {
            Answer("-NAK"u8);
            return;
        }

        Span<byte> buffer = stackalloc byte[64];
        Span<byte> rest = buffer;
        FrameWriter.Append(ref rest, "-NAK {\"delay\":"u8);
        FrameWriter.Append(ref rest, pause.Ticks * TimeSpan.NanosecondsPerTick);
        FrameWriter.Append(ref rest, "}"u8);
        Answer(buffer[..^rest.Length]);
    }

    public override void InProgress() => Answer("+WPI"u8);

    public override void Terminate() => Answer("+TERM"u8);

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _inUse, 0) == 0)
        {
            return;
        }

        if (_bytes.Length > KeepAtMost)
        {
            _bytes = [];
        }

        pool.Return(this);
    }

    private void Answer(ReadOnlySpan<byte> answer) => pool.Answer(ReplyTo, answer);

    /// <summary>Guards against use after <see cref="Dispose"/>, as far as the object has not been filled again.</summary>
    private T Alive<T>(T value)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _inUse) == 0, this);
        return value;
    }
}
