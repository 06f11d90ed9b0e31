using System.Text;

namespace Simulation.Nats.Protocol;

/// <summary>
/// Turns received bytes into calls of a handler. It keeps no state: a frame is handed over once all of it is there, and what is
/// incomplete stays in the buffer for the next round. Anything malformed throws <see cref="ProtocolException"/>.
/// </summary>
internal static class FrameParser
{
    /// <summary>INFO of a large cluster lists every server, so it may be long; nothing else may.</summary>
    public const int MaxInfoLine = 1 << 20;

    public const int MaxControlLine = 1 << 16;

    /// <summary>The most that a server can be configured to accept as one payload, headers included.</summary>
    public const int MaxMessageBytes = 64 << 20;

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <param name="buffer">Received and not yet consumed.</param>
    /// <param name="handler">Is given every complete frame, in order.</param>
    /// <param name="needed">Length of the incomplete frame at the end, if it is known by now; otherwise 0.</param>
    /// <returns>How many bytes were consumed.</returns>
    public static int Parse(ReadOnlySpan<byte> buffer, IFrameHandler handler, out int needed)
    {
        int consumed = 0;
        needed = 0;
        while (consumed < buffer.Length)
        {
            ReadOnlySpan<byte> rest = buffer[consumed..];
            int newLine = rest.IndexOf((byte)'\n');
            if (newLine < 0)
            {
                RequireSaneLength(rest);
                break;
            }

            int frameLength = ParseFrame(rest, newLine, handler, out needed);
            if (frameLength == 0)
            {
                break;
            }

            consumed += frameLength;
        }

        return consumed;
    }

    /// <returns>The length of the frame, or 0 when it is not complete.</returns>
    private static int ParseFrame(ReadOnlySpan<byte> buffer, int newLine, IFrameHandler handler, out int needed)
    {
        needed = 0;
        if (newLine == 0 || buffer[newLine - 1] != (byte)'\r')
        {
            throw Malformed("a line does not end in CR LF", buffer[..newLine]);
        }

        RequireSaneLength(buffer[..newLine]);
        ReadOnlySpan<byte> line = buffer[..(newLine - 1)];
        int bodyStart = newLine + 1;
        if (line.StartsWith("MSG "u8))
        {
            return ParseMessage(line[4..], buffer, bodyStart, hasHeaders: false, handler, out needed);
        }

        if (line.StartsWith("HMSG "u8))
        {
            return ParseMessage(line[5..], buffer, bodyStart, hasHeaders: true, handler, out needed);
        }

        ParseControl(line, handler);
        return bodyStart;
    }

    private static void ParseControl(ReadOnlySpan<byte> line, IFrameHandler handler)
    {
        if (line.SequenceEqual("PING"u8))
        {
            handler.OnPing();
        }
        else if (line.SequenceEqual("PONG"u8))
        {
            handler.OnPong();
        }
        else if (line.StartsWith("INFO "u8))
        {
            handler.OnInfo(line[5..]);
        }
        else if (line.StartsWith("-ERR"u8))
        {
            handler.OnError(Encoding.UTF8.GetString(line[4..].Trim(" '"u8)));
        }
        else if (!line.SequenceEqual("+OK"u8))
        {
            throw Malformed("unknown operation", line);
        }
    }

    private static int ParseMessage(
        ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> buffer, int bodyStart, bool hasHeaders, IFrameHandler handler, out int needed)
    {
        // Sizes are taken from the end, because the reply subject between them and the number may be missing.
        ReadOnlySpan<byte> all = arguments;
        ReadOnlySpan<byte> subject = FirstToken(ref arguments, all);
        long subscriptionId = ParseNumber(FirstToken(ref arguments, all), all);
        long bodyBytes = ParseNumber(LastToken(ref arguments, all), all);
        int headerBytes = hasHeaders ? (int)ParseNumber(LastToken(ref arguments, all), all) : 0;
        ReadOnlySpan<byte> replyTo = arguments;
        if (replyTo.Contains((byte)' ') || bodyBytes > MaxMessageBytes || headerBytes > bodyBytes)
        {
            throw Malformed("bad message arguments", all);
        }

        int bodyLength = (int)bodyBytes;
        int frameLength = bodyStart + bodyLength + LineEnd.Length;
        needed = frameLength;
        if (buffer.Length < frameLength)
        {
            return 0;
        }

        needed = 0;
        ReadOnlySpan<byte> body = buffer.Slice(bodyStart, bodyLength);
        if (!buffer.Slice(bodyStart + bodyLength, LineEnd.Length).SequenceEqual(LineEnd))
        {
            throw Malformed("a payload is not followed by CR LF", all);
        }

        if (hasHeaders && !StatusLine.IsHeaderBlock(body[..headerBytes]))
        {
            throw Malformed("a header block does not begin with NATS/1.0 and end with a blank line", all);
        }

        handler.OnMessage(new MessageFrame
        {
            Subject = subject,
            SubscriptionId = subscriptionId,
            ReplyTo = replyTo,
            HeaderBlock = body[..headerBytes],
            Payload = body[headerBytes..],
        });
        return frameLength;
    }

    /// <summary>Server 2.9 writes two blanks where a reply subject is missing, so several separate like one.</summary>
    private static ReadOnlySpan<byte> FirstToken(ref ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> all)
    {
        int space = arguments.IndexOf((byte)' ');
        ReadOnlySpan<byte> token = space < 0 ? arguments : arguments[..space];
        arguments = space < 0 ? default : arguments[(space + 1)..].TrimStart((byte)' ');
        return token.IsEmpty ? throw Malformed("bad message arguments", all) : token;
    }

    private static ReadOnlySpan<byte> LastToken(ref ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> all)
    {
        int space = arguments.LastIndexOf((byte)' ');
        ReadOnlySpan<byte> token = arguments[(space + 1)..];
        arguments = space < 0 ? default : arguments[..space].TrimEnd((byte)' ');
        return token.IsEmpty ? throw Malformed("bad message arguments", all) : token;
    }

    private static long ParseNumber(ReadOnlySpan<byte> digits, ReadOnlySpan<byte> all)
    {
        long number = 0;
        foreach (byte digit in digits)
        {
            uint value = (uint)(digit - '0');
            if (value > 9 || number > int.MaxValue)
            {
                throw Malformed("bad number", all);
            }

            number = (number * 10) + value;
        }

        return number <= int.MaxValue ? number : throw Malformed("bad number", all);
    }

    private static void RequireSaneLength(ReadOnlySpan<byte> line)
    {
        int limit = line.StartsWith("INFO "u8) ? MaxInfoLine : MaxControlLine;
        if (line.Length > limit)
        {
            throw Malformed($"a line of more than {limit} bytes", line);
        }
    }

    private static ProtocolException Malformed(string what, ReadOnlySpan<byte> where)
    {
        const int shown = 64;
        var text = new StringBuilder();
        foreach (byte b in where[..Math.Min(shown, where.Length)])
        {
            text.Append(b is >= 0x20 and < 0x7f ? (char)b : '.');
        }

        return new ProtocolException($"Malformed frame from the server: {what}, at \"{text}\"");
    }
}
