using System.Runtime.InteropServices;

namespace Simulation.History;

/// <summary>Logs in memory, byte for byte as in files: for the virtual world, and for tests.</summary>
public sealed class MemoryHistoryStore(string runId) : IHistoryStore
{
    private readonly SortedDictionary<string, MemorySegments> _logs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _beside = new(StringComparer.Ordinal);

    public string RunId { get; } = runId;

    public HistoryWriter Create(string participant, ParticipantKind kind)
    {
        lock (_logs)
        {
            return new HistoryWriter(Log(Names.Checked(participant)), RunId, participant, kind, firstSegment: 16 * 1024);
        }
    }

    public IReadOnlyList<string> Participants()
    {
        lock (_logs)
        {
            return [.. _logs.Keys];
        }
    }

    public HistoryReader Read(string participant)
    {
        lock (_logs)
        {
            return new HistoryReader(Log(participant), participant, RunId);
        }
    }

    public byte[]? ReadBeside(string name)
    {
        lock (_logs)
        {
            return _beside.GetValueOrDefault(name);
        }
    }

    public void WriteBeside(string name, ReadOnlySpan<byte> bytes)
    {
        lock (_logs)
        {
            _beside[name] = bytes.ToArray();
        }
    }

    public void AppendBeside(string name, long behind, ReadOnlySpan<byte> bytes)
    {
        lock (_logs)
        {
            _beside[name] = [.. _beside.GetValueOrDefault(name, []).AsSpan(0, (int)behind), .. bytes];
        }
    }

    public void DeleteBefore(string participant, int segment)
    {
        lock (_logs)
        {
            Log(participant).DeleteBefore(segment);
        }
    }

    private MemorySegments Log(string participant)
    {
        if (!_logs.TryGetValue(participant, out MemorySegments? log))
        {
            _logs.Add(participant, log = new MemorySegments(participant));
        }

        return log;
    }

    private sealed class MemorySegments(string participant) : ILogSegments
    {
        /// <summary>Null in the place of one that was taken away.</summary>
        private readonly List<byte[]?> _segments = [];

        public int Last
        {
            get
            {
                lock (_segments)
                {
                    return _segments.Count;
                }
            }
        }

        public bool Exists(int number)
        {
            lock (_segments)
            {
                return number <= _segments.Count && _segments[number - 1] is not null;
            }
        }

        public SegmentBuffer Append(Func<int, byte[]> header, int capacity)
        {
            byte[] memory = GC.AllocateArray<byte>(capacity, pinned: true);
            lock (_segments)
            {
                header(_segments.Count + 1).CopyTo(memory, 0);
                _segments.Add(memory);
            }

            return PinnedSegment.Of(memory);
        }

        public SegmentSource? Open(int number)
        {
            lock (_segments)
            {
                return number <= _segments.Count && _segments[number - 1] is { } memory ? new MemorySource($"{participant}/{number}", memory) : null;
            }
        }

        public void DeleteBefore(int segment)
        {
            lock (_segments)
            {
                for (int number = 1; number < segment; number++)
                {
                    _segments[number - 1] = null;
                }
            }
        }
    }

    private sealed class MemorySource(string name, byte[] memory) : SegmentSource
    {
        public override string Name => name;

        public override long Length => memory.Length;

        public override int Read(long offset, Span<byte> destination)
        {
            Span<byte> rest = memory.AsSpan((int)offset);
            int length = Math.Min(rest.Length, destination.Length);
            rest[..length].CopyTo(destination);
            return length;
        }

        public override void Dispose()
        {
        }
    }

    private sealed unsafe class PinnedSegment : SegmentBuffer
    {
        // Keeps the array alive: the base class only has its address.
        private readonly byte[] _memory;

        private PinnedSegment(byte[] memory, byte* address)
            : base(address, memory.Length) => _memory = memory;

        public static PinnedSegment Of(byte[] memory) => new(memory, (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0));

        protected override void Release(int? length) => GC.KeepAlive(_memory);
    }
}
