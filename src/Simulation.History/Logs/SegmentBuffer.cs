namespace Simulation.History;

/// <summary>
/// The memory of one segment while it is written. A writer that was killed (its actor is gone, nobody disposes) leaves this to the
/// finalizer; what was appended is in the page cache, or in the virtual world's memory, from the moment it was written.
/// </summary>
internal abstract unsafe class SegmentBuffer : IDisposable
{
    private byte* _memory;

    protected SegmentBuffer(byte* memory, int capacity)
    {
        _memory = memory;
        Capacity = capacity;
    }

    ~SegmentBuffer() => Release(null);

    public int Capacity { get; }

    public Span<byte> Bytes => new(_memory, _memory is null ? 0 : Capacity);

    /// <summary>Gives the memory back and cuts the segment to what was used.</summary>
    public void Close(int length)
    {
        _memory = null;
        Release(length);
        GC.SuppressFinalize(this);
    }

    public void Dispose()
    {
        _memory = null;
        Release(null);
        GC.SuppressFinalize(this);
    }

    /// <param name="length">Keep so much; null to keep the segment as it is.</param>
    protected abstract void Release(int? length);
}
