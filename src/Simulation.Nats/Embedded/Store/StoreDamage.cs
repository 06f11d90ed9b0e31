using System.Collections.Immutable;

namespace Simulation.Nats.Embedded;

/// <summary>Damages files as a bad disk does. Only while the server that owns them is not running; each answers what it changed, read back from the file.</summary>
public static class StoreDamage
{
    /// <summary>As many bytes as are shown of a change.</summary>
    private const int Shown = 8;

    /// <param name="bit">0 to 7, from the lowest.</param>
    public static StoreChange FlipBit(string file, long offset, int bit) => Change(file, offset, 1, stream =>
    {
        int old = stream.ReadByte();
        stream.Position = offset;
        stream.WriteByte((byte)(old ^ (1 << bit)));
    });

    /// <summary>Cuts the file off after so many bytes.</summary>
    public static StoreChange Truncate(string file, long length) =>
        Change(file, length, new FileInfo(file).Length - length, stream => stream.SetLength(length));

    /// <summary>Overwrites with zeros: what a file system shows where a block was allotted and never written.</summary>
    public static StoreChange Zero(string file, long offset, long length) => Change(file, offset, length, stream =>
    {
        byte[] zeros = new byte[64 << 10];
        for (long left = length; left > 0; left -= zeros.Length)
        {
            stream.Write(zeros, 0, (int)Math.Min(left, zeros.Length));
        }
    });

    public static StoreChange Remove(string file)
    {
        long length = new FileInfo(file).Length;
        ImmutableArray<byte> before = Peek(file, 0, length);
        File.Delete(file);
        return new StoreChange(file, 0, length, before, Peek(file, 0, length));
    }

    private static StoreChange Change(string file, long offset, long length, Action<FileStream> change)
    {
        long size = new FileInfo(file).Length;
        if (offset < 0 || length <= 0 || offset + length > size)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), $"{length} bytes at {offset} are not inside {file}, which has {size}.");
        }

        ImmutableArray<byte> before = Peek(file, offset, length);
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite))
        {
            stream.Position = offset;
            change(stream);
        }

        return new StoreChange(file, offset, length, before, Peek(file, offset, length));
    }

    private static ImmutableArray<byte> Peek(string file, long offset, long length)
    {
        if (!File.Exists(file))
        {
            return [];
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read);
        stream.Position = offset;
        byte[] bytes = new byte[Math.Min(length, Shown)];
        return [.. bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false))];
    }
}
