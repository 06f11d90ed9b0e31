using System.Buffers.Text;

namespace Simulation.Nats.Protocol;

/// <summary>
/// What the reply subject of a delivery tells: <c>$JS.ACK.stream.consumer.count.sseq.cseq.time.pending</c> (9 tokens), or with domain and
/// account hash before the stream and possibly a random token behind (11 or 12 tokens).
/// </summary>
internal readonly record struct AckSubject(int DeliveryCount, ulong StreamSequence, ulong ConsumerSequence, DateTimeOffset StoredAt, long Pending)
{
    private const int ShortForm = 9;
    private const int LongForm = 11;

    public static bool TryParse(ReadOnlySpan<byte> subject, out AckSubject ack)
    {
        ack = default;
        if (!subject.StartsWith("$JS.ACK."u8))
        {
            return false;
        }

        int tokens = subject.Count((byte)'.') + 1;
        if (tokens != ShortForm && tokens < LongForm)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = subject;
        int before = tokens == ShortForm ? 4 : 6;
        for (int skipped = 0; skipped < before; skipped++)
        {
            rest = rest[(rest.IndexOf((byte)'.') + 1)..];
        }

        if (!TryNumber(ref rest, out ulong count) || !TryNumber(ref rest, out ulong streamSequence) || !TryNumber(ref rest, out ulong consumerSequence)
            || !TryNumber(ref rest, out ulong nanoseconds) || !TryNumber(ref rest, out ulong pending) || nanoseconds > long.MaxValue)
        {
            return false;
        }

        ack = new AckSubject((int)count, streamSequence, consumerSequence, FromUnixNanoseconds((long)nanoseconds), (long)pending);
        return true;
    }

    private static DateTimeOffset FromUnixNanoseconds(long nanoseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);

    private static bool TryNumber(ref ReadOnlySpan<byte> rest, out ulong number)
    {
        int dot = rest.IndexOf((byte)'.');
        ReadOnlySpan<byte> token = dot < 0 ? rest : rest[..dot];
        rest = dot < 0 ? default : rest[(dot + 1)..];
        return Utf8Parser.TryParse(token, out number, out int used) && used == token.Length;
    }
}
