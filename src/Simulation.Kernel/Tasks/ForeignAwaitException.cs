namespace Simulation.Kernel;

/// <summary>
/// A handler awaited something that is not the kernel's, so that it would have gone on outside its actor's turn. Thrown at that line,
/// in both worlds.
/// </summary>
public sealed class ForeignAwaitException(Type awaiter)
    : InvalidOperationException($"Awaited {awaiter}, which is not the kernel's. Use Context.Delay, Context.Ask or an ActorTask; what comes from outside enters through a Promise.");
