using System.Collections.Immutable;
using Simulation.History.Snapshots;

namespace Simulation.History;

/// <summary>
/// What a tail has folded, to be kept, and how much of each log that is. It saves reading, and nothing else: a verdict is always computed from
/// the whole logs. What it covers is in the logs already when it is made; whether it still is, restoring finds out.
/// </summary>
/// <param name="Version">Of the shape of <paramref name="State"/>.</param>
/// <param name="Records">Folded.</param>
/// <param name="Logs">One for each log of which anything is folded.</param>
/// <param name="State">Of the fold; see docs/checkpoint-format.md.</param>
public sealed record FoldSnapshot(int Version, long Records, ImmutableArray<LogPosition> Logs, byte[] State)
{
    public const int CurrentVersion = 2;

    /// <summary>Knew not yet when staff and partitions last changed.</summary>
    internal const int WithoutTimesOfChanges = 1;

    internal static FoldSnapshot Of(Fold fold, IEnumerable<LogPosition> logs)
    {
        var archive = new FoldArchive.Writer();
        fold.Exchange(archive);
        return new FoldSnapshot(CurrentVersion, fold.Records, [.. logs], archive.ToArray());
    }

    /// <exception cref="InvalidDataException">It is none that this program can read.</exception>
    internal Fold Restore()
    {
        if (Version is < WithoutTimesOfChanges or > CurrentVersion)
        {
            throw new InvalidDataException($"It is of version {Version}; this program reads versions {WithoutTimesOfChanges} to {CurrentVersion}.");
        }

        var archive = new FoldArchive.Reader(State) { Version = Version };
        var fold = new Fold();
        try
        {
            fold.Exchange(archive);
        }
        catch (Exception error) when (error is ArgumentException or OverflowException or OutOfMemoryException)
        {
            throw new InvalidDataException($"It cannot be read: {error.Message}", error);
        }

        return archive.IsAtEnd && fold.Records == Records ? fold : throw new InvalidDataException("It is not what was written.");
    }
}
