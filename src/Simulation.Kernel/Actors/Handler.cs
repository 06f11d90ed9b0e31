namespace Simulation.Kernel;

/// <summary>One registered handler of a <see cref="ReceiveActor"/>.</summary>
internal abstract class Handler
{
    internal abstract bool Accepts(Type messageType);

    /// <returns>False when its predicate refuses the message.</returns>
    internal abstract bool TryHandle(object message, out ActorTask task);
}

internal sealed class ActionHandler<T>(Predicate<T>? shouldHandle, Action<T> handler) : Handler
{
    internal override bool Accepts(Type messageType) => messageType.IsAssignableTo(typeof(T));

    internal override bool TryHandle(object message, out ActorTask task)
    {
        task = default;
        T typed = (T)message;
        if (shouldHandle is not null && !shouldHandle(typed))
        {
            return false;
        }

        handler(typed);
        return true;
    }
}

internal sealed class AsyncHandler<T>(Func<T, ActorTask> handler) : Handler
{
    internal override bool Accepts(Type messageType) => messageType.IsAssignableTo(typeof(T));

    internal override bool TryHandle(object message, out ActorTask task)
    {
        task = handler((T)message);
        return true;
    }
}
