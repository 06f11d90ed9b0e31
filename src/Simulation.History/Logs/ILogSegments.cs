namespace Simulation.History;

/// <summary>The segments of one participant's log, numbered from 1.</summary>
internal interface ILogSegments
{
    /// <summary>The highest number there is; 0 for none.</summary>
    int Last { get; }

    bool Exists(int number);

    /// <summary>Makes the next segment, complete with its header: a reader sees all of the header or no segment.</summary>
    SegmentBuffer Append(Func<int, byte[]> header, int capacity);

    /// <returns>Null when there is no such segment (yet).</returns>
    SegmentSource? Open(int number);

    void DeleteBefore(int segment);
}

/// <summary>The bytes of one segment, for reading while it is perhaps still written.</summary>
internal abstract class SegmentSource : IDisposable
{
    /// <summary>For people: the file's path.</summary>
    public abstract string Name { get; }

    public abstract long Length { get; }

    /// <returns>How many bytes there were; fewer than asked for at the end.</returns>
    public abstract int Read(long offset, Span<byte> destination);

    public abstract void Dispose();
}
