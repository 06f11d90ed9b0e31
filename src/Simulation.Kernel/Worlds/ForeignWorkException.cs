namespace Simulation.Kernel;

/// <summary>
/// Something that began in a virtual world went on outside of it: on the thread pool, by a real timer or on a new thread, at a moment that no
/// seed decides. The world's hash means nothing any more.
/// </summary>
public sealed class ForeignWorkException(string what)
    : InvalidOperationException($"{what} Use Context.Delay, Context.Timers, Context.Spawn or an ActorTask; what comes from outside enters through a Promise.");
