using Simulation.History.Snapshots;

namespace Simulation.History;

/// <summary>What a participant has to know of its own log where that was compacted: whoever comes back reads this first, and then what is left.</summary>
public sealed class ParticipantDigest
{
    private readonly SortedDictionary<int, long> _intended = [];
    private readonly SortedDictionary<int, HistoryRecord> _openings = [];
    private int _incarnations;
    private long _producerSequence;

    /// <summary>Writers that the log had.</summary>
    public int Incarnations => _incarnations;

    /// <summary>The highest that an intent had.</summary>
    public long ProducerSequence => _producerSequence;

    /// <summary>The highest sequence intended, by partition.</summary>
    public IReadOnlyDictionary<int, long> Intended => _intended;

    /// <summary>The last record that opened or retired a partition, of each that has one.</summary>
    public IEnumerable<HistoryRecord> Openings => _openings.Values;

    internal void Apply(in HistoryRecord record)
    {
        switch (record.Type)
        {
            case RecordType.Started:
                _incarnations++;
                break;
            case RecordType.Intent:
                _intended[record.Partition] = Math.Max(record.Sequence, _intended.GetValueOrDefault(record.Partition));
                _producerSequence = Math.Max(_producerSequence, record.B);
                break;
            case RecordType.PartitionOpened or RecordType.PartitionRetired:
                _openings[record.Partition] = record;
                break;
        }
    }

    internal ParticipantDigest Copy()
    {
        var bytes = new FoldArchive.Writer();
        Exchange(bytes);
        var copy = new ParticipantDigest();
        copy.Exchange(new FoldArchive.Reader(bytes.ToArray()));
        return copy;
    }

    internal void Exchange(FoldArchive archive)
    {
        archive.Exchange(ref _incarnations);
        archive.Exchange(ref _producerSequence);
        archive.Exchange(_intended, (ref long sequence) => archive.Exchange(ref sequence));
        archive.Exchange(_openings, (ref HistoryRecord opening) =>
        {
            (int type, int partition, long time, long after, long sentFor) = ((int)opening.Type, opening.Partition, opening.Time, opening.A, opening.B);
            archive.Exchange(ref type);
            archive.Exchange(ref partition);
            archive.Exchange(ref time);
            archive.Exchange(ref after);
            archive.Exchange(ref sentFor);
            opening = new HistoryRecord { Type = (RecordType)type, Partition = partition, Time = time, A = after, B = sentFor };
        });
    }
}
