using System.Buffers;
using System.Text;

namespace Simulation.TestServers.Proxy;

/// <summary>One frame of the NATS protocol. Alter it with <c>with</c>: sizes are written anew.</summary>
public sealed record NatsFrame
{
    public required FrameKind Kind { get; init; }

    public required FrameDirection Direction { get; init; }

    /// <summary>The whole control line of a frame without a body; empty for the four that carry messages.</summary>
    public string Line { get; init; } = "";

    public string Subject { get; init; } = "";

    public string? ReplyTo { get; init; }

    /// <summary>The subscription that a delivered message is for; null for published ones.</summary>
    public string? Sid { get; init; }

    /// <summary>The header block from its version line to its blank line; empty for none.</summary>
    public ReadOnlyMemory<byte> Headers { get; init; }

    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>PUB or HPUB: messages, but also requests and acknowledgements of the client.</summary>
    public bool IsPublish => Kind is FrameKind.Pub or FrameKind.HPub;

    /// <summary>MSG or HMSG: messages, but also answers and statuses of the server.</summary>
    public bool IsMessage => Kind is FrameKind.Msg or FrameKind.HMsg;

    /// <summary>A message that a JetStream consumer delivers and wants acknowledged.</summary>
    public bool IsDelivery => IsMessage && ReplyTo is not null && ReplyTo.StartsWith("$JS.ACK.", StringComparison.Ordinal);

    public string PayloadText => Encoding.UTF8.GetString(Payload.Span);

    /// <summary>The value of a header; null when there is none.</summary>
    public string? Header(string name)
    {
        foreach (var line in Encoding.UTF8.GetString(Headers.Span).Split("\r\n"))
        {
            if (line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            {
                return line[(name.Length + 1)..].Trim();
            }
        }

        return null;
    }

    /// <summary>A message as the server would deliver it.</summary>
    public static NatsFrame Message(string subject, string sid, string payload) => new()
    {
        Kind = FrameKind.Msg,
        Direction = FrameDirection.ToClient,
        Subject = subject,
        Sid = sid,
        Payload = Encoding.UTF8.GetBytes(payload),
    };

    public void WriteTo(IBufferWriter<byte> output)
    {
        if (!IsPublish && !IsMessage)
        {
            Encoding.UTF8.GetBytes(Line + "\r\n", output);
            return;
        }

        Encoding.UTF8.GetBytes(MessageLine() + "\r\n", output);
        output.Write(Headers.Span);
        output.Write(Payload.Span);
        output.Write("\r\n"u8);
    }

    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>();
        WriteTo(output);
        return output.WrittenSpan.ToArray();
    }

    private string MessageLine()
    {
        var size = Headers.Length + Payload.Length;
        var sizes = Kind is FrameKind.HPub or FrameKind.HMsg ? $"{Headers.Length} {size}" : $"{size}";
        string?[] words = [Kind.ToString().ToUpperInvariant(), Subject, Sid, ReplyTo, sizes];
        return string.Join(' ', words.Where(word => word is not null));
    }
}
