namespace Simulation.Kernel;

/// <summary>Whose turn runs on a thread. An object for each thread, so that a loop that has looked it up once need not ask the platform for every turn.</summary>
internal sealed class Turn
{
    [ThreadStatic] private static Turn? t_ofThisThread;

    internal static Turn OfThisThread => t_ofThisThread ??= new Turn();

    /// <summary>Null between turns.</summary>
    internal ActorCell? Cell { get; set; }
}
