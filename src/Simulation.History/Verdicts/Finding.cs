namespace Simulation.History;

/// <param name="Class">What is wrong.</param>
/// <param name="Count">With how many messages.</param>
/// <param name="FailsRun">Whether one is enough to fail the run, by the guarantees and by what is known.</param>
public sealed record Finding(VerdictClass Class, long Count, bool FailsRun)
{
    /// <summary>Whether the run promised that there is none. One that is promised and does not fail the run is not known for certain.</summary>
    public bool IsPromised { get; init; }

    /// <summary>Of the lost: below everything that was seen of their partition.</summary>
    public long Head { get; init; }

    public long Middle { get; init; }

    /// <summary>Of the lost: above everything that was seen of their partition, or nothing of it was seen.</summary>
    public long Tail { get; init; }
}
