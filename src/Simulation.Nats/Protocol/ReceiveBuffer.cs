namespace Simulation.Nats.Protocol;

/// <summary>One growing array: bytes come in behind, frames are consumed in front, and the rest moves to the start when room gets short.</summary>
internal sealed class ReceiveBuffer
{
    private const int InitialSize = 16 << 10;
    private const int RoomySize = 256 << 10;
    private const int ShrinkAbove = 4 << 20;

    private byte[] _bytes = new byte[InitialSize];
    private int _start;
    private int _end;

    public ReadOnlySpan<byte> Unconsumed => _bytes.AsSpan(_start, _end - _start);

    public Memory<byte> Free => _bytes.AsMemory(_end);

    /// <summary>These many bytes were written to <see cref="Free"/>.</summary>
    public void Received(int count) => _end += count;

    /// <param name="count">Bytes that were parsed.</param>
    /// <param name="needed">Length of the incomplete frame that follows, 0 for unknown.</param>
    public void Consume(int count, int needed)
    {
        bool wasFull = _end == _bytes.Length;
        _start += count;
        int rest = _end - _start;
        if (rest == 0)
        {
            _start = _end = 0;
        }

        int wanted = Math.Max(needed, rest + 1);
        if (wanted > _bytes.Length || (wasFull && _bytes.Length < RoomySize))
        {
            MoveTo(new byte[Math.Max(wanted, Math.Min(_bytes.Length * 2, Math.Max(RoomySize, wanted)))]);
        }
        else if (_bytes.Length > ShrinkAbove && wanted <= InitialSize)
        {
            MoveTo(new byte[RoomySize]);
        }
        else if (_start > 0 && (_bytes.Length - _end < InitialSize / 2 || _start + wanted > _bytes.Length))
        {
            MoveTo(_bytes);
        }
    }

    private void MoveTo(byte[] target)
    {
        int rest = _end - _start;
        Buffer.BlockCopy(_bytes, _start, target, 0, rest);
        _bytes = target;
        _start = 0;
        _end = rest;
    }
}
