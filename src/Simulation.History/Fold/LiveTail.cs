namespace Simulation.History;

/// <summary>Keeps a fold up with the logs of a run that goes on, participants that join later included.</summary>
public sealed class LiveTail : IDisposable
{
    private readonly LogMerge _merge;
    private readonly LogDamage? _damage;

    /// <param name="store">Where the logs are.</param>
    /// <param name="observer">Hears of everything that is folded; null for nobody. What was compacted was folded before: it is in the fold, and not told.</param>
    public LiveTail(IHistoryStore store, IFoldObserver? observer = null)
    {
        _merge = LogMerge.Of(store, out HistoryBase? compacted, out _damage);
        Compacted = compacted;
        Fold = compacted?.Fold.Restore() ?? new Fold();
        Fold.Observer = observer;
    }

    private LiveTail(LogMerge merge, Fold fold) => (_merge, Fold) = (merge, fold);

    public Fold Fold { get; }

    /// <summary>What the logs no longer have; null for nothing.</summary>
    public HistoryBase? Compacted { get; }

    /// <summary>
    /// Records that came too late for their place in the order. More than none: what <see cref="Fold"/> says is a good view and not the
    /// last word, which <see cref="Checker"/> finds from the beginning.
    /// </summary>
    public long Late => _merge.Late;

    /// <summary>
    /// Folds what was recorded before the watermark. Take it a little behind now (a second), so that a participant that is between its
    /// clock and its log is not overtaken; a participant that has nothing to say holds nobody up.
    /// </summary>
    /// <returns>How many records were folded.</returns>
    public long Advance(DateTimeOffset watermark)
    {
        _merge.Refresh();
        return FoldBefore(UnixMicroseconds.From(watermark));
    }

    /// <summary>Goes on from what an earlier tail had folded: <see cref="Advance"/> and <see cref="Finish"/> read only what came after it.</summary>
    /// <exception cref="InvalidDataException">The snapshot cannot be read, or the logs do not have what it covers. Begin from the beginning.</exception>
    public static LiveTail From(FoldSnapshot snapshot, IHistoryStore store)
    {
        if (HistoryBase.Read(store)?.Records > snapshot.Records)
        {
            throw new InvalidDataException("The history has been compacted beyond it.");
        }

        var tail = new LiveTail(new LogMerge(store), snapshot.Restore());
        try
        {
            tail._merge.GoBehind(snapshot.Logs);
            return tail;
        }
        catch
        {
            tail.Dispose();
            throw;
        }
    }

    /// <summary>What is folded by now, to be kept.</summary>
    public FoldSnapshot Snapshot() => FoldSnapshot.Of(Fold, _merge.Positions);

    /// <summary>Nobody writes any more: folds the rest.</summary>
    /// <returns>What was found damaged.</returns>
    public IReadOnlyList<LogDamage> Finish()
    {
        _merge.Refresh(isFinal: true);
        FoldBefore(long.MaxValue);
        IEnumerable<LogDamage> ofTheBase = _damage is null ? [] : [_damage];
        return [.. ofTheBase, .. _merge.Readers.SelectMany(reader => reader.Damages)];
    }

    public void Dispose() => _merge.Dispose();

    private long FoldBefore(long time)
    {
        long before = Fold.Records;
        while (_merge.Next(time) is { } log)
        {
            if (log.Participant < 0)
            {
                log.Participant = Fold.Participant(log.Reader.Participant);
            }

            Fold.Apply(log.Record, log.Participant);
            _merge.Consume();
        }

        return Fold.Records - before;
    }
}
