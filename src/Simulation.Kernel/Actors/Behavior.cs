namespace Simulation.Kernel;

/// <summary>The handlers of one phase. Which of them take a message type is found once per type.</summary>
internal sealed class Behavior
{
    private readonly List<Handler> _handlers = [];
    private readonly Dictionary<Type, Handler[]> _byType = [];
    private Type? _lastType;
    private Handler[] _last = [];

    internal void Add(Handler handler)
    {
        _handlers.Add(handler);
        _byType.Clear();
        _lastType = null;
    }

    internal bool TryHandle(object message, out ActorTask task)
    {
        foreach (Handler handler in HandlersOf(message.GetType()))
        {
            if (handler.TryHandle(message, out task))
            {
                return true;
            }
        }

        task = default;
        return false;
    }

    private Handler[] HandlersOf(Type type)
    {
        if (type == _lastType)
        {
            return _last;
        }

        if (!_byType.TryGetValue(type, out Handler[]? handlers))
        {
            handlers = FindHandlers(type);
            _byType.Add(type, handlers);
        }

        _lastType = type;
        return _last = handlers;
    }

    // Apart, so that its closure is not made for every message.
    private Handler[] FindHandlers(Type type) => [.. _handlers.Where(handler => handler.Accepts(type))];
}
