using Simulation.History;
using Simulation.Workload;

namespace Simulation.Actors;

/// <summary>
/// What a producer must know of its predecessor, and it is all in the log: the last sequence taken in each partition, which partitions were
/// opened or retired, and the messages that were intended and not acknowledged. So nothing is forgotten, however the predecessor ended.
/// </summary>
internal sealed class ProducerMemory
{
    private readonly ProducerShare _share;
    private readonly SortedDictionary<(int Partition, long Sequence), OpenIntent> _open = [];

    private ProducerMemory(ProducerShare share)
    {
        _share = share;
        Taken = new long[share.Count];
    }

    /// <summary>By slot of the producer's share.</summary>
    public long[] Taken { get; }

    /// <summary>By partition, those that were opened or retired while the run went on.</summary>
    public SortedDictionary<int, PartitionOpening> Openings { get; } = [];

    public long ProducerSequence { get; private set; }

    /// <summary>How many writers the log has had before.</summary>
    public int Incarnations { get; private set; }

    /// <summary>In order of partition and sequence.</summary>
    public IEnumerable<OpenIntent> Open => _open.Values;

    public static ProducerMemory Read(IHistoryStore history, string participant, ProducerShare share)
    {
        var memory = new ProducerMemory(share);
        using var log = ParticipantLog.Open(history, participant);
        if (log is null)
        {
            return memory;
        }

        memory.Begin(log.Digest);
        while (log.Reader.TryRead(out HistoryRecord record))
        {
            memory.Apply(record);
        }

        return memory;
    }

    /// <summary>All that was intended in it has been acknowledged since: nothing is owed of it.</summary>
    private void Begin(ParticipantDigest digest)
    {
        Incarnations = digest.Incarnations;
        ProducerSequence = digest.ProducerSequence;
        foreach ((int partition, long sequence) in digest.Intended)
        {
            Taken[_share.SlotOf(partition)] = sequence;
        }

        foreach (HistoryRecord opening in digest.Openings)
        {
            Apply(opening);
        }
    }

    private void Apply(in HistoryRecord record)
    {
        switch (record.Type)
        {
            case RecordType.Started:
                Incarnations++;
                break;
            case RecordType.Intent:
                int slot = _share.SlotOf(record.Partition);
                Taken[slot] = Math.Max(Taken[slot], record.Sequence);
                ProducerSequence = Math.Max(ProducerSequence, record.B);
                Reopen(record);
                break;
            case RecordType.PartitionOpened or RecordType.PartitionRetired:
                Openings[record.Partition] = new PartitionOpening(record.Type == RecordType.PartitionOpened, TimeSpan.FromMicroseconds(record.B), record.Sequence);
                break;
            case RecordType.Acknowledged:
                _open.Remove((record.Partition, record.Sequence));
                break;
        }
    }

    private void Reopen(in HistoryRecord intent)
    {
        (int, long) message = (intent.Partition, intent.Sequence);
        if (intent.Count > 1 && !_open.ContainsKey(message))
        {
            return; // Published once more after it had been acknowledged: nothing is owed.
        }

        long firstPublished = _open.TryGetValue(message, out OpenIntent earlier) ? earlier.FirstPublished : intent.Time;
        _open[message] = new OpenIntent(intent.Partition, intent.Sequence, intent.B, intent.IntendedAt, firstPublished, intent.Count);
    }
}

