using System.Collections.Immutable;
using System.Globalization;
using Simulation.History;

namespace Simulation.Actors;

/// <summary>Where a run goes on whose coordinator died: all of it is in the logs.</summary>
public sealed class Resumption
{
    private bool _isTaken;

    private Resumption(LiveTail tail)
    {
        Fold fold = tail.Fold;
        Tail = tail;
        Number = fold.Progress.Resumptions + 1;
        InterruptedAt = UnixMicroseconds.ToTime(fold.Time);
        SentFor = fold.Progress.SentFor(fold.Time);
        Workers = [.. NumbersOf(fold.Progress.Staff, Worker.Prefix)];
        HighestWorker = NumbersOf(fold.Progress.Launched, Worker.Prefix).DefaultIfEmpty(-1).Max();
        TrackerSnapshot totals = fold.Snapshot();
        (Sent, Waiting) = (totals.Sent, totals.Sent - totals.Received);
        Partitions = fold.Progress.Partitions;
        MostPartitions = fold.Progress.MostPartitions;
        (StaffChangedAt, PartitionsChangedAt) = (fold.Progress.StaffChangedAt, fold.Progress.PartitionsChangedAt);
        Phase = fold.Phase;
        Faults = fold.FaultsSoFar().ToImmutableSortedDictionary(fault => fault.Number, fault => fault);
    }

    /// <summary>The how-manieth of this run; counts from 1.</summary>
    public int Number { get; }

    /// <summary>When the last record was made.</summary>
    public DateTimeOffset InterruptedAt { get; }

    /// <summary>For how long messages had been sent by then.</summary>
    public TimeSpan SentFor { get; }

    /// <summary>What the run was doing.</summary>
    public RunPhase Phase { get; }

    /// <summary>What had been planned to break, by number.</summary>
    public ImmutableSortedDictionary<long, FaultSoFar> Faults { get; }

    /// <summary>Somebody who took part may still be alive, so that nobody's lease is over before it has run out. Default: they died with the coordinator.</summary>
    public bool MayHaveSurvivors { get; init; }

    /// <summary>Folded up to the end of the logs.</summary>
    public LiveTail Tail { get; }

    /// <inheritdoc cref="RunProgress.StaffChangedAt"/>
    public DateTimeOffset? StaffChangedAt { get; }

    /// <inheritdoc cref="RunProgress.PartitionsChangedAt"/>
    public DateTimeOffset? PartitionsChangedAt { get; }

    /// <summary>Workers that are to be there, by number.</summary>
    public ImmutableSortedSet<int> Workers { get; }

    /// <summary>The highest number that any worker has had; -1 for none.</summary>
    internal int HighestWorker { get; }

    /// <summary>Messages acknowledged by the server by then.</summary>
    internal long Sent { get; }

    /// <summary>Of those, messages that had not been processed.</summary>
    internal long Waiting { get; }

    /// <inheritdoc cref="RunProgress.Partitions"/>
    internal int? Partitions { get; }

    /// <inheritdoc cref="RunProgress.MostPartitions"/>
    internal int? MostPartitions { get; }

    /// <summary>Reads the logs to their end. Nobody writes any more.</summary>
    /// <param name="history">With the logs.</param>
    /// <param name="snapshot">What need not be read again; null for nothing.</param>
    /// <param name="observer">Hears of what is read; null for nobody.</param>
    /// <param name="mayHaveSurvivors">As <see cref="MayHaveSurvivors"/>.</param>
    /// <exception cref="InvalidDataException">The snapshot is not of these logs; without it they can be read all the same.</exception>
    public static Resumption From(IHistoryStore history, FoldSnapshot? snapshot = null, IFoldObserver? observer = null, bool mayHaveSurvivors = false)
    {
        LiveTail tail = snapshot is null ? new LiveTail(history) : LiveTail.From(snapshot, history);
        tail.Fold.Observer = observer;
        if (snapshot is not null)
        {
            observer?.TakenUp(tail.Fold);
        }

        tail.Advance(DateTimeOffset.MaxValue);
        return new Resumption(tail) { MayHaveSurvivors = mayHaveSurvivors };
    }

    /// <summary>For the tracker to go on with; one that has failed, and is made anew, reads everything itself.</summary>
    internal LiveTail? TakeTail()
    {
        LiveTail? tail = _isTaken ? null : Tail;
        _isTaken = true;
        return tail;
    }

    private static IEnumerable<int> NumbersOf(IEnumerable<string> participants, string prefix) => participants
        .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
        .Select(name => int.Parse(name.AsSpan(prefix.Length), CultureInfo.InvariantCulture));
}
