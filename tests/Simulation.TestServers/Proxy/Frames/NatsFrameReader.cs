using System.Buffers;
using System.Globalization;
using System.Text;

namespace Simulation.TestServers.Proxy;

/// <summary>Cuts one direction of a connection into frames.</summary>
public static class NatsFrameReader
{
    /// <summary>Takes the first frame off the buffer, or leaves the buffer alone when the frame has not arrived whole.</summary>
    /// <exception cref="InvalidDataException">This is not the NATS protocol.</exception>
    public static bool TryRead(FrameDirection direction, ref ReadOnlySequence<byte> buffer, out NatsFrame frame)
    {
        frame = null!;
        if (buffer.PositionOf((byte)'\n') is not { } lineEnd)
        {
            return false;
        }

        var line = Encoding.UTF8.GetString(buffer.Slice(0, lineEnd)).TrimEnd('\r');
        var rest = buffer.Slice(buffer.GetPosition(1, lineEnd));
        var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var head = new NatsFrame { Kind = KindOf(words), Direction = direction };
        if (head.IsPublish || head.IsMessage)
        {
            return TryReadBody(head, line, words, rest, ref buffer, out frame);
        }

        frame = head with { Line = line };
        buffer = rest;
        return true;
    }

    // PUB  subject     [reply]        size     HPUB subject     [reply] headers size
    // MSG  subject sid [reply]        size     HMSG subject sid [reply] headers size
    private static bool TryReadBody(
        NatsFrame head, string line, string[] words, ReadOnlySequence<byte> rest, ref ReadOnlySequence<byte> buffer, out NatsFrame frame)
    {
        frame = null!;
        var fixedWords = head.IsMessage ? 3 : 2;
        var sizeWords = head.Kind is FrameKind.HPub or FrameKind.HMsg ? 2 : 1;
        var hasReply = words.Length == fixedWords + 1 + sizeWords;
        if (!hasReply && words.Length != fixedWords + sizeWords)
        {
            throw new InvalidDataException($"Not a frame of the NATS protocol: '{line}'.");
        }

        var size = Size(words[^1], line);
        var headers = sizeWords == 2 ? Size(words[^2], line) : 0;
        if (headers > size)
        {
            throw new InvalidDataException($"Headers longer than the message: '{line}'.");
        }

        if (rest.Length < size + 2)
        {
            return false;
        }

        ReadOnlyMemory<byte> body = rest.Slice(0, size).ToArray();
        frame = head with
        {
            Subject = words[1],
            Sid = head.IsMessage ? words[2] : null,
            ReplyTo = hasReply ? words[fixedWords] : null,
            Headers = body[..headers],
            Payload = body[headers..],
        };
        buffer = rest.Slice(size + 2);
        return true;
    }

    private static int Size(string word, string line) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
        ? size
        : throw new InvalidDataException($"'{word}' is not a size in '{line}'.");

    private static FrameKind KindOf(string[] words) => words is [] ? FrameKind.Other : words[0].ToUpperInvariant() switch
    {
        "INFO" => FrameKind.Info,
        "CONNECT" => FrameKind.Connect,
        "PUB" => FrameKind.Pub,
        "HPUB" => FrameKind.HPub,
        "SUB" => FrameKind.Sub,
        "UNSUB" => FrameKind.Unsub,
        "MSG" => FrameKind.Msg,
        "HMSG" => FrameKind.HMsg,
        "PING" => FrameKind.Ping,
        "PONG" => FrameKind.Pong,
        "+OK" => FrameKind.Ok,
        "-ERR" => FrameKind.Err,
        _ => FrameKind.Other,
    };
}
