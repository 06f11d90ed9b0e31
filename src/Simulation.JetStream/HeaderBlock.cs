using System.Text;

namespace Simulation.JetStream;

/// <summary>Reads a NATS header block (<c>Name: value\r\n</c> lines) without building a dictionary.</summary>
public static class HeaderBlock
{
    /// <returns>The value of the first header of that name (case matters, as in NATS), or null.</returns>
    public static string? Find(ReadOnlySpan<byte> block, string name)
    {
        Span<byte> wanted = stackalloc byte[name.Length];
        Encoding.ASCII.GetBytes(name, wanted);
        while (!block.IsEmpty)
        {
            int end = block.IndexOf("\r\n"u8);
            ReadOnlySpan<byte> line = end < 0 ? block : block[..end];
            if (line.Length > wanted.Length && line[wanted.Length] == (byte)':' && line.StartsWith(wanted))
            {
                return Encoding.UTF8.GetString(line[(wanted.Length + 1)..].Trim((byte)' '));
            }

            block = end < 0 ? default : block[(end + 2)..];
        }

        return null;
    }
}
