using System.Collections.Concurrent;

namespace Simulation.Kernel;

/// <summary>First in, first out; many may enqueue, one at a time dequeues.</summary>
internal abstract class MessageQueue<T>
{
    internal abstract bool IsEmpty { get; }

    internal abstract void Enqueue(T item);

    internal abstract bool TryDequeue(out T item);
}

/// <summary>For the real world: many threads. It keeps its ring of segments, so a steady flow allocates nothing.</summary>
internal sealed class SharedQueue<T> : MessageQueue<T>
{
    private readonly ConcurrentQueue<T> _items = new();

    internal override bool IsEmpty => _items.IsEmpty;

    internal override void Enqueue(T item) => _items.Enqueue(item);

    internal override bool TryDequeue(out T item) => _items.TryDequeue(out item!);
}

/// <summary>For the virtual world: one thread.</summary>
internal sealed class LocalQueue<T> : MessageQueue<T>
{
    private readonly Queue<T> _items = new();

    internal override bool IsEmpty => _items.Count == 0;

    internal override void Enqueue(T item) => _items.Enqueue(item);

    internal override bool TryDequeue(out T item) => _items.TryDequeue(out item!);
}
