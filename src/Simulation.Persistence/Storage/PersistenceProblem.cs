namespace Simulation.Persistence;

/// <summary>Why persisting or recovering did not work.</summary>
public enum PersistenceProblem
{
    /// <summary>
    /// The database cannot be reached, or did not answer: a cut connection, a server that is down, a lock that another process holds. What was asked
    /// for may have been done. Trying again is safe and may help.
    /// </summary>
    Unavailable,

    /// <summary>No room is left. Trying again helps when somebody makes some.</summary>
    Full,

    /// <summary>Refused: a read-only folder, a missing right, a wrong password.</summary>
    Denied,

    /// <summary>What is there is not what was written.</summary>
    Damaged,

    /// <summary>Written by a newer program, or of a type that this one does not know.</summary>
    Unknown,

    /// <summary>Another process writes under the same persistence id.</summary>
    Conflict,

    /// <summary>The place is not described in a way that can be understood.</summary>
    Location,

    /// <summary>The database refused for another reason.</summary>
    Refused,
}
