using System.Text;

namespace Simulation.JetStream;

/// <summary>Reads a NATS header block (<c>Name: value\r\n</c> lines) without building a dictionary.</summary>
public static class HeaderBlock
{
    /// <summary>The value of the first header of that name; case matters, as in NATS.</summary>
    public static bool TryFind(ReadOnlySpan<byte> block, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        while (!block.IsEmpty)
        {
            int end = block.IndexOf("\r\n"u8);
            ReadOnlySpan<byte> line = end < 0 ? block : block[..end];
            if (line.Length > name.Length && line[name.Length] == (byte)':' && line.StartsWith(name))
            {
                value = line[(name.Length + 1)..].Trim((byte)' ');
                return true;
            }

            block = end < 0 ? default : block[(end + 2)..];
        }

        value = default;
        return false;
    }

    /// <returns>The value of the first header of that name (case matters, as in NATS), or null.</returns>
    public static string? Find(ReadOnlySpan<byte> block, string name) =>
        TryFind(block, Encoding.ASCII.GetBytes(name), out ReadOnlySpan<byte> value) ? Encoding.UTF8.GetString(value) : null;
}
