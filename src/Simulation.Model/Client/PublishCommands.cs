using System.Buffers.Text;
using System.Text;
using Simulation.JetStream;

namespace Simulation.Model;

/// <summary>Makes what reaches the server of what participants publish: expectations and identity become headers, as on the wire.</summary>
internal sealed class PublishCommands
{
    private const int LongestNumber = 20;
    private const int UsualLength = 512;

    private readonly MessageBlocks _blocks = new();
    private readonly SubjectNames _subjects = new();

    public PublishCommand From(in PublishMessage message)
    {
        if (message.MessageId.ContainsAny((byte)'\r', (byte)'\n'))
        {
            throw new ArgumentException("A message id is one line.");
        }

        bool lacksLineEnd = !message.Headers.IsEmpty && !message.Headers.EndsWith("\r\n"u8);
        int atMost = OwnLength(message);
        Span<byte> own = atMost <= UsualLength ? stackalloc byte[UsualLength] : new byte[atMost];
        own = own[..WriteOwn(message, own)];
        int headers = own.Length + message.Headers.Length + (lacksLineEnd ? 2 : 0);
        Span<byte> body = _blocks.Take(headers + message.Payload.Length, out byte[] block, out int start);
        own.CopyTo(body);
        message.Headers.CopyTo(body[own.Length..]);
        if (lacksLineEnd)
        {
            "\r\n"u8.CopyTo(body[(headers - 2)..]);
        }

        message.Payload.CopyTo(body[headers..]);
        return new PublishCommand(
            _subjects.Of(message.Subject),
            new MessageBody(block, start, headers, message.Payload.Length),
            message.MessageId.IsEmpty ? null : Encoding.UTF8.GetString(message.MessageId),
            message.Expectation);
    }

    /// <summary>More than enough for the headers that come from the message's own fields.</summary>
    private static int OwnLength(in PublishMessage message) => 32 + message.MessageId.Length
        + (message.Expectation is { } expected ? 256 + Encoding.UTF8.GetMaxByteCount((expected.Stream?.Length ?? 0) + (expected.LastMessageId?.Length ?? 0)) : 0);

    private static int WriteOwn(in PublishMessage message, Span<byte> to)
    {
        int length = 0;
        if (!message.MessageId.IsEmpty)
        {
            length += Line(to[length..], "Nats-Msg-Id: "u8, message.MessageId);
        }

        if (message.Expectation is { } expectation)
        {
            length += Line(to[length..], "Nats-Expected-Stream: "u8, expectation.Stream);
            length += Line(to[length..], "Nats-Expected-Last-Sequence: "u8, expectation.LastSequence);
            length += Line(to[length..], "Nats-Expected-Last-Subject-Sequence: "u8, expectation.LastSubjectSequence);
            length += Line(to[length..], "Nats-Expected-Last-Msg-Id: "u8, expectation.LastMessageId);
        }

        return length;
    }

    private static int Line(Span<byte> to, ReadOnlySpan<byte> name, string? value) =>
        value is null ? 0 : Line(to, name, Encoding.UTF8.GetBytes(value));

    private static int Line(Span<byte> to, ReadOnlySpan<byte> name, ulong? value)
    {
        if (value is not { } number)
        {
            return 0;
        }

        Span<byte> digits = stackalloc byte[LongestNumber];
        Utf8Formatter.TryFormat(number, digits, out int length);
        return Line(to, name, digits[..length]);
    }

    private static int Line(Span<byte> to, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        name.CopyTo(to);
        value.CopyTo(to[name.Length..]);
        "\r\n"u8.CopyTo(to[(name.Length + value.Length)..]);
        return name.Length + value.Length + 2;
    }
}
