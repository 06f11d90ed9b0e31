using System.Buffers.Text;
using System.Text;

namespace Simulation.Nats.Protocol;

/// <summary>The first line of a header block, <c>NATS/1.0[ code[ text]]</c>: with a code, the message is the server's own word on a request.</summary>
internal readonly record struct StatusLine(int Code, string Text)
{
    private static ReadOnlySpan<byte> VersionMark => "NATS/1.0"u8;

    private static ReadOnlySpan<byte> BlockEnd => "\r\n\r\n"u8;

    public static bool IsHeaderBlock(ReadOnlySpan<byte> block) => block.StartsWith(VersionMark) && block.EndsWith(BlockEnd);

    /// <returns>False when the block carries headers only.</returns>
    public static bool TryParse(ReadOnlySpan<byte> block, out StatusLine status)
    {
        status = default;
        if (!block.StartsWith(VersionMark))
        {
            return false;
        }

        ReadOnlySpan<byte> line = block[VersionMark.Length..block.IndexOf("\r\n"u8)].Trim((byte)' ');
        if (!Utf8Parser.TryParse(line, out int code, out int digits))
        {
            return false;
        }

        status = new StatusLine(code, KnownText(line[digits..].Trim((byte)' ')));
        return true;
    }

    /// <returns>The block without version line and final blank line; each line keeps its line end.</returns>
    public static ReadOnlySpan<byte> HeadersOf(ReadOnlySpan<byte> block)
    {
        if (block.IsEmpty)
        {
            return default;
        }

        ReadOnlySpan<byte> lines = block[(block.IndexOf("\r\n"u8) + 2)..];
        return lines.Length > 2 ? lines[..^2] : default;
    }

    /// <summary>The texts of idle connections come by the thousand, so they are not built anew each time.</summary>
    private static string KnownText(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("Request Timeout"u8) ? "Request Timeout"
        : text.SequenceEqual("No Messages"u8) ? "No Messages"
        : text.SequenceEqual("Idle Heartbeat"u8) ? "Idle Heartbeat"
        : Encoding.UTF8.GetString(text);
}
