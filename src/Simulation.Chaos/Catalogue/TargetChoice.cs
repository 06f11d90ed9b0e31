namespace Simulation.Chaos;

/// <summary>How many of those that could be hit are hit.</summary>
public enum TargetChoice
{
    /// <summary>One, drawn.</summary>
    One,

    /// <summary>Two up to half of them, drawn.</summary>
    Some,

    /// <summary>Whoever leads when it happens: of the workers as the lease says, of the servers the stream's leader.</summary>
    Leader,

    All,
}
