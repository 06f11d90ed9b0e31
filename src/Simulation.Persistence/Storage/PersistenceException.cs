namespace Simulation.Persistence;

/// <summary>Something could not be stored or read. The message says where, what is wrong, and what to do about it.</summary>
public sealed class PersistenceException(PersistenceProblem problem, string message, Exception? inner = null) : Exception(message, inner)
{
    public PersistenceProblem Problem { get; } = problem;

    /// <summary>Whether the same may work later. If not, somebody has to do something first.</summary>
    public bool IsTransient => Problem == PersistenceProblem.Unavailable;
}
