namespace Simulation.History.Verdicts;

/// <summary>
/// The second pass. The fold says which messages something is wrong with; this reads the logs again and keeps what they say about those.
/// In batches, so that a disaster with millions of messages needs time and not memory.
/// </summary>
internal sealed class EvidenceCollector(IHistoryStore store, Fold fold)
{
    private const int BatchSize = 100_000;

    public IEnumerable<Evidence> Collect(int mostPerClass) =>
        Findings.All.SelectMany(c => FlaggedIn(c).Take(mostPerClass)).Chunk(BatchSize).SelectMany(CollectBatch);

    private IEnumerable<Flagged> FlaggedIn(VerdictClass verdictClass)
    {
        foreach ((int partition, PartitionState state) in fold.Partitions())
        {
            RangeSet sequences = Findings.Of(state, verdictClass);
            (long Lowest, long Highest)? seen = verdictClass == VerdictClass.Lost && !sequences.IsEmpty ? Findings.Seen(state) : null;
            foreach (long sequence in sequences.Values())
            {
                string? where = seen is null ? null : sequence < seen.Value.Lowest ? "head" : sequence > seen.Value.Highest ? "tail" : "middle";
                yield return new Flagged(verdictClass, new MessageId(partition, sequence), StreamSequence: 0, where);
            }
        }

        if (verdictClass == VerdictClass.Corrupt)
        {
            foreach (long streamSequence in fold.CorruptAt.Values())
            {
                yield return new Flagged(verdictClass, MessageId.None, streamSequence, Where: null);
            }
        }
    }

    private IEnumerable<Evidence> CollectBatch(Flagged[] batch)
    {
        var scan = new EvidenceScan(batch);
        scan.Run(store);
        foreach (Flagged flagged in batch)
        {
            yield return new Evidence(flagged.Class, flagged.Message, scan.RecordsOf(flagged)) { Where = flagged.Where };
        }
    }
}

/// <param name="Class">What is wrong.</param>
/// <param name="Message">With which message.</param>
/// <param name="StreamSequence">Of one that does not say who it is.</param>
/// <param name="Where">Of a lost one: head, middle or tail.</param>
internal readonly record struct Flagged(VerdictClass Class, MessageId Message, long StreamSequence, string? Where);
