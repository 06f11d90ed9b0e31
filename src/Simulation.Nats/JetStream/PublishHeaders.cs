using System.Text;
using Simulation.JetStream;
using Simulation.Nats.Protocol;

namespace Simulation.Nats.JetStream;

/// <summary>Builds the header block of a publish in one array that is used again for the next. One caller at a time.</summary>
internal sealed class PublishHeaders
{
    private const int FixedParts = 512;

    private byte[] _block = new byte[FixedParts];

    /// <returns>Empty when the message needs no headers; valid until the next call.</returns>
    public ReadOnlySpan<byte> Build(in PublishMessage message)
    {
        PublishExpectation? expectation = message.Expectation;
        if (message.MessageId.IsEmpty && message.Headers.IsEmpty && expectation is null)
        {
            return default;
        }

        if (message.MessageId.ContainsAny((byte)'\r', (byte)'\n'))
        {
            throw new ArgumentException("A message id is one line.");
        }

        int textLength = (expectation?.Stream?.Length ?? 0) + (expectation?.LastMessageId?.Length ?? 0);
        int bound = FixedParts + message.MessageId.Length + message.Headers.Length + Encoding.UTF8.GetMaxByteCount(textLength);
        if (_block.Length < bound)
        {
            _block = new byte[bound];
        }

        Span<byte> rest = _block;
        FrameWriter.Append(ref rest, "NATS/1.0\r\n"u8);
        if (!message.MessageId.IsEmpty)
        {
            FrameWriter.Append(ref rest, "Nats-Msg-Id: "u8);
            FrameWriter.Append(ref rest, message.MessageId);
            FrameWriter.Append(ref rest, "\r\n"u8);
        }

        if (expectation is not null)
        {
            AppendExpectation(ref rest, expectation);
        }

        FrameWriter.Append(ref rest, message.Headers);
        if (!message.Headers.IsEmpty && !message.Headers.EndsWith("\r\n"u8))
        {
            FrameWriter.Append(ref rest, "\r\n"u8);
        }

        FrameWriter.Append(ref rest, "\r\n"u8);
        return _block.AsSpan(0, _block.Length - rest.Length);
    }

    private static void AppendExpectation(ref Span<byte> rest, PublishExpectation expectation)
    {
        AppendText(ref rest, "Nats-Expected-Stream: "u8, expectation.Stream);
        AppendNumber(ref rest, "Nats-Expected-Last-Sequence: "u8, expectation.LastSequence);
        AppendNumber(ref rest, "Nats-Expected-Last-Subject-Sequence: "u8, expectation.LastSubjectSequence);
        AppendText(ref rest, "Nats-Expected-Last-Msg-Id: "u8, expectation.LastMessageId);
    }

    private static void AppendText(ref Span<byte> rest, ReadOnlySpan<byte> name, string? value)
    {
        if (value is null)
        {
            return;
        }

        FrameWriter.Append(ref rest, name);
        rest = rest[Encoding.UTF8.GetBytes(value, rest)..];
        FrameWriter.Append(ref rest, "\r\n"u8);
    }

    private static void AppendNumber(ref Span<byte> rest, ReadOnlySpan<byte> name, ulong? value)
    {
        if (value is null)
        {
            return;
        }

        FrameWriter.Append(ref rest, name);
        FrameWriter.Append(ref rest, checked((long)value.Value));
        FrameWriter.Append(ref rest, "\r\n"u8);
    }
}
