namespace Simulation.Partitioning;

/// <summary>The newest assignment document that this member has seen, from whichever source.</summary>
internal sealed class KnownAssignment
{
    public AssignmentDocument? Document { get; private set; }

    /// <summary>What the next compare-and-set expects; 0 when there is none.</summary>
    public ulong Revision { get; private set; }

    /// <summary>The bucket is the one that the run began with, so that nobody can hold anything that it does not show.</summary>
    public bool IsInFoundedBucket { get; set; }

    public void Learn(AssignmentDocument document, ulong revision)
    {
        if (revision > Revision)
        {
            Document = document;
            Revision = revision;
        }
    }

    /// <summary>The key turned out to be gone (somebody emptied the bucket): the next document is created, but versions go on.</summary>
    public void Vanished() => Revision = 0;
}
