using System.Collections.Immutable;

namespace Simulation.History.Verdicts;

/// <summary>The verdict classes, as sets over what the fold remembers.</summary>
internal static class Findings
{
    private static readonly VerdictClass[] OfTheEnd = [VerdictClass.Lost, VerdictClass.Unprocessed];

    private static readonly VerdictClass[] OfTheMoment =
    [
        VerdictClass.Unexpected, VerdictClass.Corrupt, VerdictClass.SequenceReused, VerdictClass.StoredTwice, VerdictClass.ProcessedTwice,
        VerdictClass.Reordered, VerdictClass.ConcurrentOwners, VerdictClass.Resurrected,
    ];

    public static ImmutableArray<VerdictClass> All { get; } = [.. OfTheEnd, .. OfTheMoment];

    public static ImmutableArray<Finding> SoFar(Fold fold) => [.. OfTheMoment.Select(c => Count(fold, c, certain: true))];

    /// <param name="fold">After the last record.</param>
    /// <param name="logsAreWhole">Whether what is not in the logs did not happen.</param>
    public static ImmutableArray<Finding> AtTheEnd(Fold fold, bool logsAreWhole) =>
        [.. All.Select(c => Count(fold, c, certain: IsKnown(fold, c, logsAreWhole)))];

    public static RangeSet Of(PartitionState state, VerdictClass verdictClass) => verdictClass switch
    {
        VerdictClass.Lost => state.Lost(),
        VerdictClass.Unprocessed => state.Unprocessed(),
        VerdictClass.Unexpected => state.Unexpected(),
        VerdictClass.Corrupt => state.Corrupt,
        VerdictClass.Resurrected => state.Resurrected(),
        VerdictClass.SequenceReused => state.Anomalies?.SequenceReused ?? default,
        VerdictClass.StoredTwice => state.Anomalies?.StoredTwice ?? default,
        VerdictClass.ProcessedTwice => state.Anomalies?.ProcessedTwice ?? default,
        VerdictClass.Reordered => state.Anomalies?.Reordered ?? default,
        VerdictClass.ConcurrentOwners => state.Anomalies?.ConcurrentOwners ?? default,
        _ => throw new ArgumentOutOfRangeException(nameof(verdictClass), verdictClass, null),
    };

    /// <summary>Where in its partition a lost message was.</summary>
    public static (long Lowest, long Highest) Seen(PartitionState state)
    {
        RangeSet seen = state.Delivered.Union(state.Stored).Union(state.Processed).Union(state.Corrupt);
        return seen.IsEmpty ? (long.MinValue, long.MinValue) : (seen.Min, seen.Max);
    }

    private static bool IsPromised(Fold fold, VerdictClass verdictClass) => verdictClass switch
    {
        VerdictClass.StoredTwice or VerdictClass.ProcessedTwice => fold.Guarantees.EffectivelyOnce,
        VerdictClass.Reordered => fold.Guarantees.Ordered,
        VerdictClass.ConcurrentOwners => fold.Guarantees.Exclusive,
        _ => true,
    };

    /// <summary>
    /// What rests on something not having happened is known only when all has been recorded and looked at; two of something stay two
    /// whatever else is missing.
    /// </summary>
    private static bool IsKnown(Fold fold, VerdictClass verdictClass, bool logsAreWhole) => verdictClass switch
    {
        VerdictClass.Lost => logsAreWhole && fold.ReadCompleted,
        VerdictClass.Unprocessed => logsAreWhole && fold.DrainFinished,
        VerdictClass.Unexpected or VerdictClass.Resurrected or VerdictClass.Reordered or VerdictClass.ConcurrentOwners => logsAreWhole,
        _ => true,
    };

    private static Finding Count(Fold fold, VerdictClass verdictClass, bool certain)
    {
        long count = verdictClass == VerdictClass.Corrupt ? fold.CorruptAt.Count : 0;
        long head = 0;
        long tail = 0;
        foreach ((_, PartitionState state) in fold.Partitions())
        {
            RangeSet sequences = Of(state, verdictClass);
            count += sequences.Count;
            if (verdictClass == VerdictClass.Lost && !sequences.IsEmpty)
            {
                (long lowest, long highest) = Seen(state);
                head += sequences.CountBelow(lowest);
                tail += sequences.Count - sequences.CountBelow(highest);
            }
        }

        bool promised = IsPromised(fold, verdictClass);
        var finding = new Finding(verdictClass, count, promised && certain) { IsPromised = promised };
        return verdictClass == VerdictClass.Lost ? finding with { Head = head, Middle = count - head - tail, Tail = tail } : finding;
    }
}
