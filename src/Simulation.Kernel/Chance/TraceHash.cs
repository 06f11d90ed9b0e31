using System.Numerics;

namespace Simulation.Kernel;

/// <summary>One running hash over everything that could differ between two runs of one seed.</summary>
internal sealed class TraceHash
{
    private readonly Dictionary<Type, ulong> _tags = [];
    private Type? _lastType;
    private ulong _lastTag;

    internal ulong Value { get; private set; } = 0x9E3779B97F4A7C15;

    internal void Add(ulong item) => Value = BitOperations.RotateLeft(Value ^ item, 29) * 0x9FB21C651E98DF25;

    internal void Add(TimeSpan time, int actor, Type message) => Add((((ulong)time.Ticks * 31) + (uint)actor) ^ TagOf(message));

    private ulong TagOf(Type type)
    {
        if (type == _lastType)
        {
            return _lastTag;
        }

        if (!_tags.TryGetValue(type, out ulong tag))
        {
            tag = StableHash.Of(type.ToString());
            _tags.Add(type, tag);
        }

        _lastType = type;
        return _lastTag = tag;
    }
}
