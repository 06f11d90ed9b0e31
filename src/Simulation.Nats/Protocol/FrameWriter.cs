using System.Buffers.Text;
using System.Diagnostics;

namespace Simulation.Nats.Protocol;

/// <summary>Writes what a client can say into a span that was sized with the matching <c>Bound</c> method.</summary>
internal static class FrameWriter
{
    private const int VerbAndNumbers = 48;

    public static int PublishBound(int subject, int replyTo, int headerBlock, int payload) => subject + replyTo + headerBlock + payload + VerbAndNumbers;

    /// <summary>PUB, or HPUB when there is a header block (with version line and final blank line).</summary>
    /// <returns>Bytes written.</returns>
    public static int Publish(
        Span<byte> target, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> headerBlock, ReadOnlySpan<byte> payload)
    {
        Span<byte> rest = target;
        Append(ref rest, headerBlock.IsEmpty ? "PUB "u8 : "HPUB "u8);
        Append(ref rest, subject);
        Append(ref rest, " "u8);
        if (!replyTo.IsEmpty)
        {
            Append(ref rest, replyTo);
            Append(ref rest, " "u8);
        }

        if (!headerBlock.IsEmpty)
        {
            Append(ref rest, headerBlock.Length);
            Append(ref rest, " "u8);
        }

        Append(ref rest, headerBlock.Length + payload.Length);
        Append(ref rest, "\r\n"u8);
        Append(ref rest, headerBlock);
        Append(ref rest, payload);
        Append(ref rest, "\r\n"u8);
        return target.Length - rest.Length;
    }

    public static int SubscribeBound(int subject) => subject + VerbAndNumbers;

    public static int Subscribe(Span<byte> target, ReadOnlySpan<byte> subject, long id)
    {
        Span<byte> rest = target;
        Append(ref rest, "SUB "u8);
        Append(ref rest, subject);
        Append(ref rest, " "u8);
        Append(ref rest, id);
        Append(ref rest, "\r\n"u8);
        return target.Length - rest.Length;
    }

    public const int UnsubscribeBound = VerbAndNumbers;

    public static int Unsubscribe(Span<byte> target, long id)
    {
        Span<byte> rest = target;
        Append(ref rest, "UNSUB "u8);
        Append(ref rest, id);
        Append(ref rest, "\r\n"u8);
        return target.Length - rest.Length;
    }

    public static void Append(ref Span<byte> rest, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }

    public static void Append(ref Span<byte> rest, long number)
    {
        bool fits = Utf8Formatter.TryFormat(number, rest, out int written);
        Debug.Assert(fits, "The caller reserved by the Bound method, which leaves room for every number.");
        rest = rest[written..];
    }
}
