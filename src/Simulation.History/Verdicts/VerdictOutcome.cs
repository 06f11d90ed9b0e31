namespace Simulation.History;

public enum VerdictOutcome
{
    /// <summary>Everything that had to be known is known, and nothing is wrong.</summary>
    Passed,

    /// <summary>Something is wrong, with evidence.</summary>
    Violated,

    /// <summary>Not enough is known to say that nothing is wrong.</summary>
    Inconclusive,
}
