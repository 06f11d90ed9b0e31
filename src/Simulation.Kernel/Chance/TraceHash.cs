namespace Simulation.Kernel;

/// <summary>One running hash over everything that could differ between two runs of one seed.</summary>
internal sealed class TraceHash
{
    private readonly Dictionary<Type, MessageKind> _kinds = [];
    private Type? _lastType;
    private MessageKind _lastKind;

    internal ulong Value { get; private set; } = 0x9E3779B97F4A7C15;

    internal void Add(ulong item) => Value = Digest.Mix(Value, item);

    /// <summary>Time has come to here; what follows happens at it.</summary>
    internal void AddTime(TimeSpan time) => Add((ulong)time.Ticks);

    /// <summary>An actor handles a message: who, of which type, saying what.</summary>
    internal void AddMessage(int actor, object message)
    {
        MessageKind kind = KindOf(message.GetType());
        Add((uint)actor ^ kind.Tag);
        if (kind.Payload is { } payload)
        {
            Add(payload(message));
        }
    }

    /// <summary>An actor goes on with something that it had begun, or that concerns its life.</summary>
    internal void AddSignal(int actor) => Add((uint)actor);

    private MessageKind KindOf(Type type)
    {
        if (type == _lastType)
        {
            return _lastKind;
        }

        if (!_kinds.TryGetValue(type, out MessageKind kind))
        {
            kind = new MessageKind(StableHash.Of(type.ToString()), Digest.For(type));
            _kinds.Add(type, kind);
        }

        _lastType = type;
        return _lastKind = kind;
    }

    /// <param name="Tag">The hash of the type's name.</param>
    /// <param name="Payload">What a message says; null when it says nothing but its type.</param>
    private readonly record struct MessageKind(ulong Tag, Func<object, ulong>? Payload);
}
