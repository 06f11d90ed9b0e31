namespace Simulation.History;

/// <summary>Keeps a fold up with the logs of a run that goes on, participants that join later included.</summary>
/// <param name="store">Where the logs are.</param>
/// <param name="observer">Hears of everything that is folded; null for nobody.</param>
public sealed class LiveTail(IHistoryStore store, IFoldObserver? observer = null) : IDisposable
{
    private readonly LogMerge _merge = new(store);

    public Fold Fold { get; } = new() { Observer = observer };

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

    /// <summary>Nobody writes any more: folds the rest.</summary>
    /// <returns>What was found damaged.</returns>
    public IReadOnlyList<LogDamage> Finish()
    {
        _merge.Refresh(isFinal: true);
        FoldBefore(long.MaxValue);
        return [.. _merge.Readers.SelectMany(reader => reader.Damages)];
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
