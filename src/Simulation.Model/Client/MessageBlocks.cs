namespace Simulation.Model;

/// <summary>
/// Room for the bytes of messages. A long run keeps hundreds of thousands of them: that many arrays more would cost the collector as much
/// time as everything else takes together.
/// </summary>
internal sealed class MessageBlocks
{
    /// <summary>A block lives as long as one message in it does, so it is small.</summary>
    private const int BlockSize = 16 * 1024;

    private byte[] _block = [];
    private int _used;

    /// <returns>Where to write; the next call begins behind it.</returns>
    public Span<byte> Take(int length, out byte[] block, out int start)
    {
        if (length > BlockSize / 4)
        {
            block = new byte[length];
            start = 0;
            return block;
        }

        if (_used + length > _block.Length)
        {
            _block = new byte[BlockSize];
            _used = 0;
        }

        block = _block;
        start = _used;
        _used += length;
        return block.AsSpan(start, length);
    }
}
