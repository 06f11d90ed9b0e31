namespace Simulation.Kernel;

/// <summary>
/// A result that somebody will deliver once, from any thread in the real world: the way in for sockets, timers and other actors.
/// A small handle to a pooled object: after its task was awaited the object serves others, and this handle completes nothing any more
/// (<see cref="TrySetResult"/> says false). Copying a handle between threads is not atomic: hand it over through a queue or a lock.
/// </summary>
public readonly struct Promise<T>
{
    private readonly PromiseSource<T>? _source;
    private readonly int _token;

    private Promise(PromiseSource<T> source)
    {
        _source = source;
        _token = source.Token;
    }

    /// <summary>The task that the result will complete. Await it once.</summary>
    public ActorTask<T> Task => new(_source ?? throw new InvalidOperationException("Take a promise with Promise<T>.Rent()."), _token);

    /// <summary>Takes one from the pool.</summary>
    public static Promise<T> Rent() => new(PromiseSource<T>.Rent());

    /// <returns>False when a result was there already.</returns>
    public bool TrySetResult(T result) => _source is not null && _source.TrySetResult(_token, result);

    /// <returns>False when a result was there already.</returns>
    public bool TrySetException(Exception error) => _source is not null && _source.TrySetException(_token, error);
}
