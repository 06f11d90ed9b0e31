namespace Simulation.History;

/// <summary>One reason why it is not known that nothing is wrong.</summary>
/// <param name="Cause">For who tells some of them apart, or in another place.</param>
/// <param name="Text">A sentence for people.</param>
public sealed record Doubt(DoubtCause Cause, string Text)
{
    public override string ToString() => Text;
}

public enum DoubtCause
{
    /// <summary>Records came too late to be put in order.</summary>
    LateRecords,

    /// <summary>A log is damaged; <see cref="Verdict.Damages"/> tells where.</summary>
    DamagedLog,
    MissingLog,
    NothingSent,

    /// <summary>The run ended before it was meant to.</summary>
    CutShort,

    /// <summary>The server refused messages to the end.</summary>
    Refusals,
    Drain,
    FinalRead,

    /// <summary>A fault did not bite.</summary>
    Fault,
}
